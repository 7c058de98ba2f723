package io.lightline.publisher.bridge;

/** The SmallRye streams of the pipeline, as the configuration names them. */
public final class Streams {

    /** Decoded events, from Salesforce. */
    public static final String SALESFORCE = "salesforce";

    /** Publications, into the backplane. */
    public static final String BACKPLANE = "backplane";

    private Streams() {}
}
