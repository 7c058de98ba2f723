package io.lightline.publisher;

/** The SmallRye streams of the pipeline, as the configuration names them. */
public final class Streams {

    /** What the topics bring, decoded: from Salesforce. */
    public static final String SALESFORCE = "salesforce";

    /** Publications: into the backplane. */
    public static final String BACKPLANE = "backplane";

    private Streams() {}
}
