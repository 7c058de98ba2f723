package io.lightline.relay.api;

/** One request of every method, as the OpenAPI document shows it. A test sends them all. */
final class Examples {

    static final String PUBLISH = """
            {"channel": "chat:room", "data": {"text": "hello"}, "tags": {"from": "billing"}, "idempotency_key": "order-4711"}""";

    static final String BROADCAST = """
            {"channels": ["chat:room", "chat:lobby"], "data": {"text": "hello"}}""";

    static final String SUBSCRIBE = """
            {"user": "alice", "channel": "chat:room", "info": {"role": "guest"}, "data": {"topic": "orders"}}""";

    static final String UNSUBSCRIBE = """
            {"user": "alice", "channel": "chat:room"}""";

    static final String DISCONNECT = """
            {"user": "alice", "whitelist": ["8f0e3c1a"], "code": 3503}""";

    static final String REFRESH = """
            {"user": "alice", "expire_at": 4102444800}""";

    static final String INVALIDATE_USER_TOKENS = """
            {"user": "alice", "issued_before": 1764000000}""";

    static final String CHANNEL = """
            {"channel": "chat:room"}""";

    static final String HISTORY = """
            {"channel": "chat:room", "limit": 10, "reverse": true}""";

    static final String CHANNELS = """
            {"pattern": "chat:*"}""";

    static final String NOTHING = "{}";

    static final String BATCH = """
            {"commands": [{"publish": {"channel": "chat:room", "data": 1}}, {"presence_stats": {"channel": "chat:room"}}], "parallel": true}""";

    private Examples() {}
}
