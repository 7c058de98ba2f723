package io.lightline.simulator.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lightline.simulator.fault.FaultInfo;
import io.lightline.simulator.fault.Strike;
import org.jspecify.annotations.Nullable;

/** A fault as it stands: how often it has struck, and how many events, responses or calls are left until it does. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FaultStatus(String id, String fault, @Nullable String topic, int times, int struck, int left, boolean active) {

    static FaultStatus of(FaultInfo fault) {
        var trigger = fault.trigger();
        return new FaultStatus(
                fault.id(),
                name(fault.strike()),
                trigger.topic().orElse(null),
                trigger.times(),
                fault.struck(),
                fault.left(),
                fault.active());
    }

    private static String name(Strike strike) {
        return switch (strike) {
            case Strike.End _ -> "end";
            case Strike.Refuse _ -> "error";
            case Strike.Reset _ -> "reset";
            case Strike.GoAway _ -> "goaway";
            case Strike.Disconnect _ -> "disconnect";
            case Strike.Stall _ -> "stall";
            case Strike.Freeze _ -> "freeze";
        };
    }
}
