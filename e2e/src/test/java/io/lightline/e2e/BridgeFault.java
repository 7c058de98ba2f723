package io.lightline.e2e;

import io.lightline.localstack.ServiceProcess;

/** What goes wrong between an org and its channels. */
enum BridgeFault {
    /** Something between resets a stream. */
    STREAM_RESET {
        @Override
        void strike(BridgeRun run) {
            run.org().fault(run.soon("reset"));
        }
    },
    /** The network breaks. */
    DISCONNECT {
        @Override
        void strike(BridgeRun run) {
            run.org().fault(run.soon("disconnect"));
        }
    },
    /** The network goes away without a word: pings have no answer either. */
    HALF_OPEN {
        @Override
        void strike(BridgeRun run) {
            run.org().fault(run.soon("freeze").put("millis", run.random().nextInt(500, 5_000)));
        }
    },
    /** Salesforce ends the streams without an error, as it may at any time. */
    OK_CLOSE {
        @Override
        void strike(BridgeRun run) {
            run.org().endStreams("OK");
        }
    },
    /** Salesforce takes the HTTP/2 connections away. */
    GOAWAY {
        @Override
        void strike(BridgeRun run) {
            run.org().fault(run.soon("goaway").put("millis", run.random().nextInt(500)));
        }
    },
    /** Connections stay, and nothing answers, for longer or shorter than the watchdog has patience. */
    BLACK_HOLE {
        @Override
        void strike(BridgeRun run) {
            run.org().blackHole(true);
            run.letPass(run.random().nextInt(20, 400));
            run.org().blackHole(false);
        }
    },
    /** An admin revokes the session. */
    TOKEN_REVOKED {
        @Override
        void strike(BridgeRun run) {
            run.org().revokeTokens();
            run.org().endStreams("UNAVAILABLE");
        }
    },
    /** Salesforce has a bad minute. */
    SERVICE_UNAVAILABLE {
        @Override
        void strike(BridgeRun run) {
            var unavailable = Json.object().put("fault", "error").put("code", "service.unavailable");
            run.org().fault(unavailable.deepCopy().put("call", "Subscribe").put("times", 2));
            run.org().fault(unavailable.put("afterEvents", run.random().nextInt(MOST_EVENTS)));
        }
    },
    /** An admin adds a field, so that the events after it have another schema. */
    SCHEMA_CHANGE {
        @Override
        void strike(BridgeRun run) {
            run.org().addOrderField("Note" + run.random().nextInt(1_000_000) + "__c");
        }
    },
    /** {@code kill -9} of a publisher, wherever it is. */
    PUBLISHER_KILLED {
        @Override
        void strike(BridgeRun run) {
            ServiceProcess victim = run.anyPublisher();
            victim.kill();
            run.letPass(run.random().nextInt(50));
            victim.start();
        }
    },
    /** A publisher is told to end, as in a rolling update. */
    PUBLISHER_STOPPED {
        @Override
        void strike(BridgeRun run) {
            ServiceProcess victim = run.anyPublisher();
            victim.stop();
            victim.start();
        }
    },
    /** A publisher stands still for longer than its lease, and then goes on as if nothing had happened. */
    PUBLISHER_PAUSED {
        @Override
        void strike(BridgeRun run) {
            ServiceProcess victim = run.anyPublisher();
            victim.pause();
            run.letPass(run.random().nextInt(250, 500));
            victim.resume();
        }
    },
    /** Redis dies and comes back with all that it had acknowledged. */
    REDIS_RESTARTED {
        @Override
        void strike(BridgeRun run) {
            run.redis().kill();
            run.letPass(run.random().nextInt(50));
            run.redis().restart();
        }
    },
    /** Redis stands still for a while. */
    REDIS_PAUSED {
        @Override
        void strike(BridgeRun run) {
            run.redis().pause();
            run.letPass(run.random().nextInt(20, 400));
            run.redis().resume();
        }
    },
    /** A publisher of another group reads the same topics: nobody's lease keeps it away. */
    RIVAL {
        @Override
        void strike(BridgeRun run) {
            ServiceProcess rival = run.rival();
            rival.start();
            rival.awaitReady();
            run.letPass(run.random().nextInt(50, 200));
            if (run.random().nextBoolean()) {
                rival.kill();
            } else {
                rival.stop();
            }
        }
    };

    static final int MOST_EVENTS = 20;

    abstract void strike(BridgeRun run);
}
