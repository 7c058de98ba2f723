package io.lightline.publisher.route;

/**
 * A topic of an org, as the configuration names both.
 *
 * @param org its name in the configuration, not Salesforce's id
 */
public record TopicName(String org, String topic) {

    /** For logs, and the name of its lease. */
    @Override
    public String toString() {
        return org + ":" + topic;
    }
}
