package io.lightline.salesforce.pubsub;

/** Waits for the answers to what was handed on. */
final class Stopping extends State {

    Stopping(SalesforceStream stream) {
        super(stream);
    }

    @Override
    String describe() {
        return "stopping";
    }

    @Override
    void enter() {
        answered();
    }

    @Override
    void answered() {
        if (stream.inFlight().unanswered() == 0) {
            stream.become(new Closed(stream));
            stream.downstream().complete();
        }
    }
}
