package io.lightline.salesforce.pubsub;

/** Nobody has subscribed yet. */
final class Unsubscribed extends State {

    Unsubscribed(SalesforceStream stream) {
        super(stream);
    }

    @Override
    String describe() {
        return "no subscriber yet";
    }
}
