package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.auth.Token;

/** Has all it needs but a subscriber that wants events: a call may not start without asking for some. */
final class Starved extends State {

    private final Token token;

    Starved(SalesforceStream stream, Token token) {
        super(stream);
        this.token = token;
    }

    @Override
    String describe() {
        return "waiting for the consumer";
    }

    @Override
    boolean ready() {
        return true;
    }

    @Override
    void enter() {
        demanded();
    }

    @Override
    void demanded() {
        if (stream.downstream().wants()) {
            stream.become(new Streaming(stream, token));
        }
    }
}
