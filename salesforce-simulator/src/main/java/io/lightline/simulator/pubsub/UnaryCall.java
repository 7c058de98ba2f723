package io.lightline.simulator.pubsub;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.lightline.simulator.fault.Strike;
import java.util.Optional;
import java.util.function.Supplier;

/** A call with one answer, and the fault that may meet it. Does not block: a stalled answer comes by the event loop. */
record UnaryCall<T>(StreamObserver<T> answer, Wire wire) {

    void run(Optional<Strike> strike, Supplier<T> result) {
        strike.ifPresentOrElse(met -> meet(met, result), () -> answer(result));
    }

    private void meet(Strike strike, Supplier<T> result) {
        switch (strike) {
            case Strike.End(var code) when code == Status.Code.OK -> answer.onCompleted();
            case Strike.End(var code) ->
                answer.onError(
                        code.toStatus().withDescription("Ended by a fault").asRuntimeException());
            case Strike.Refuse(var code) -> answer.onError(PubSubError.of(code).exception());
            case Strike.Reset _ -> wire.reset();
            case Strike.Disconnect _ -> wire.disconnect();
            case Strike.Stall(var time) -> wire.later(time, () -> answer(result));
            case Strike.GoAway(var grace) -> {
                wire.goAway(grace);
                answer(result);
            }
            case Strike.Freeze(var time) -> {
                wire.freeze(time);
                answer(result);
            }
        }
    }

    private void answer(Supplier<T> result) {
        try {
            answer.onNext(result.get());
            answer.onCompleted();
        } catch (StatusRuntimeException refused) {
            answer.onError(refused);
        }
    }
}
