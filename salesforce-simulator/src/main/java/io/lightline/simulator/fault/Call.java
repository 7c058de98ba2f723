package io.lightline.simulator.fault;

/** The calls of the Pub/Sub API, by their names in the proto file. */
public enum Call {
    SUBSCRIBE("Subscribe"),
    MANAGED_SUBSCRIBE("ManagedSubscribe"),
    GET_TOPIC("GetTopic"),
    GET_SCHEMA("GetSchema"),
    PUBLISH("Publish"),
    PUBLISH_STREAM("PublishStream");

    private final String method;

    Call(String method) {
        this.method = method;
    }

    public String method() {
        return method;
    }
}
