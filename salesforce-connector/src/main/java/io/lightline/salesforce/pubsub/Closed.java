package io.lightline.salesforce.pubsub;

/** Nobody wants anything any more. */
final class Closed extends State {

    Closed(SalesforceStream stream) {
        super(stream);
    }

    @Override
    String describe() {
        return "closed";
    }

    @Override
    void enter() {
        stream.hasEnded();
    }
}
