package io.lightline.simulator.event;

/** What a change event tells, in the order of Salesforce's Avro enum. */
public enum ChangeType {
    CREATE,
    UPDATE,
    DELETE,
    UNDELETE,
    GAP_CREATE,
    GAP_UPDATE,
    GAP_DELETE,
    GAP_UNDELETE,
    GAP_OVERFLOW,
    SNAPSHOT
}
