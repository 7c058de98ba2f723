package io.lightline.localstack;

import java.net.URI;
import java.util.stream.Collectors;

/** What a newcomer reads when the stack runs: where everything is, and four things to try. */
final class Welcome {

    private Welcome() {}

    static String to(LocalStack stack) {
        return """

                Lightline runs. Ctrl-C stops all of it.

                %s
                  publisher    health %s
                  Salesforce   %s (simulated org: REST and login), 127.0.0.1:%d (Pub/Sub API)
                  Redis        %s

                Try:
                  1. Watch both pods in a browser, and talk to yourself:
                       %s

                  2. Publish a Platform Event in the simulated org; it arrives on /event/Order__e:
                       curl -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\
                         -d '{"OrderNumber__c": "1001", "Status__c": "Shipped", "Amount__c": 49.9}' \\
                         %s

                  3. Measure it: WebSockets beside long polling, with any number of clients:
                       %s

                  4. Publish a message from a back end through the second pod; it arrives on chat:room:
                       curl -H 'X-API-Key: %s' -H 'Content-Type: application/json' \\
                         -d '{"channel": "chat:room", "data": {"text": "hello"}}' \\
                         %s
                """.formatted(
                        stack.relays().stream().map(Welcome::pod).collect(Collectors.joining("\n")),
                        stack.publisher().readinessUri(),
                        stack.simulator().httpUri("/"),
                        stack.simulator().grpcPort(),
                        stack.redis().uri(),
                        stack.relay(0).pageUri(),
                        Simulator.TOKEN,
                        stack.simulator().objectsUri("Order__e"),
                        stack.labUri()
                                .map(URI::toString)
                                .orElse("(the lab was not built: it needs Node.js 20 or newer; `make run` builds it)"),
                        RelayPod.API_KEY,
                        stack.relay(1).apiUri("publish"));
    }

    private static String pod(RelayPod pod) {
        return "  %-12s %s, health %s".formatted(pod.name(), pod.webSocketUri(), pod.managementUri("/q/health"));
    }
}
