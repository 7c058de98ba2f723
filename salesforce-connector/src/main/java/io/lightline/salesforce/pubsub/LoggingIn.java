package io.lightline.salesforce.pubsub;

import io.lightline.salesforce.auth.LoginFailedException;

/** Waits for the token. */
final class LoggingIn extends State {

    LoggingIn(SalesforceStream stream) {
        super(stream);
    }

    @Override
    String describe() {
        return "logging in";
    }

    @Override
    void enter() {
        whenDone(stream.tokens().token(), (token, failure) -> {
            if (token != null && failure == null) {
                stream.become(new Starved(stream, token));
                return;
            }
            stream.statistics().ended("login");
            boolean passing = !(failure instanceof LoginFailedException refusal) || refusal.passing();
            backOff(
                    passing
                            ? stream.failures().next()
                            : stream.settings().pauses().operator(),
                    "no login: " + (failure == null ? "no token" : failure.getMessage()));
        });
    }
}
