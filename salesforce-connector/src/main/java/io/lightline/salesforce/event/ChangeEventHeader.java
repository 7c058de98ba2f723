package io.lightline.salesforce.event;

import java.util.List;

/**
 * What a change event says about the change, with fields by name ({@code ShippingAddress.Street} for a part of a compound
 * field) where Salesforce sends bitmaps.
 *
 * @param recordIds the records that the same change was made to; more than one when Salesforce merged them
 * @param changeType {@code CREATE, UPDATE, DELETE, UNDELETE}, or {@code GAP_…} when only the fact is told and the records
 *     have to be read anew
 * @param transactionKey the same for all changes of one transaction; {@code sequenceNumber} rises within it
 * @param commitTimestamp in milliseconds since 1970
 * @param nulledFields those that were set to null
 * @param diffFields long texts of which the payload carries a unified diff instead of the value
 * @param changedFields all that changed; empty unless it is an update
 */
public record ChangeEventHeader(
        String entityName,
        List<String> recordIds,
        String changeType,
        String changeOrigin,
        String transactionKey,
        int sequenceNumber,
        long commitTimestamp,
        long commitNumber,
        String commitUser,
        List<String> nulledFields,
        List<String> diffFields,
        List<String> changedFields) {

    /** Whether only the fact of a change is told. */
    public boolean isGap() {
        return changeType.startsWith("GAP_");
    }

    /** Whether it is about more records than it names: too many, or all whose ids begin alike ({@code 001*}). */
    public boolean concernsUnnamedRecords() {
        return changeType.equals("GAP_OVERFLOW") || recordIds.stream().anyMatch(id -> id.endsWith("*"));
    }

    /** Names the change where the event has no id of its own. */
    public String eventKey() {
        return transactionKey + ":" + sequenceNumber + ":" + entityName + ":" + commitNumber;
    }
}
