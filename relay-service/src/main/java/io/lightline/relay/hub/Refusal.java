package io.lightline.relay.hub;

/** Why somebody cannot listen to a channel. */
public enum Refusal {
    /** The backplane is out of reach: trying again is right. */
    UNAVAILABLE,
    /** Too many different filters are in use on the channel; each costs something for every publication. */
    TOO_MANY_FILTERS
}
