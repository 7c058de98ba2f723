package io.lightline.simulator.event;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * How an update tells the change of a long text: as a unified diff by lines without context, whose second line carries the
 * SHA-256 of the whole new text.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/change-data-capture/guide/cdc-data-diff.html">Sending Data
 *     Differences for Fields of Updated Records</a>
 */
final class TextDiff {

    private static final int SHORTEST_TEXT = 1000;

    private final List<String> before;
    private final List<String> after;
    private final StringBuilder hunks = new StringBuilder();
    private int changedLines;

    private TextDiff(String before, String after) {
        this.before = lines(before);
        this.after = lines(after);
    }

    /** The difference, or nothing where Salesforce sends the whole text: it is short, or too much of it has changed. */
    static Optional<String> of(String before, String after) {
        int longer = Math.max(before.length(), after.length());
        if (after.length() < SHORTEST_TEXT || Math.abs(before.length() - after.length()) * 2 > longer) {
            return Optional.empty();
        }
        var diff = new TextDiff(before, after);
        diff.compare();
        int lines = diff.before.size() + diff.after.size();
        var text = "--- \n+++ " + HexFormat.of().formatHex(SalesforceId.sha256(after)) + '\n' + diff.hunks;
        return Optional.of(text).filter(it -> diff.changedLines * 4 <= lines && it.length() <= after.length());
    }

    /** Line by line when there are as many; otherwise all from the first to the last that differs is one change. */
    private void compare() {
        int most = Math.min(before.size(), after.size());
        int head = 0;
        while (head < most && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < most - head
                && before.reversed().get(tail).equals(after.reversed().get(tail))) {
            tail++;
        }
        if (before.size() == after.size()) {
            compareInPairs(head, before.size() - tail);
        } else {
            hunk(head, before.size() - tail, after.size() - tail);
        }
    }

    private void compareInPairs(int from, int to) {
        int line = from;
        while (line < to) {
            int end = line;
            while (end < to && !before.get(end).equals(after.get(end))) {
                end++;
            }
            if (end > line) {
                hunk(line, end, end);
            }
            line = end + 1;
        }
    }

    private void hunk(int from, int toBefore, int toAfter) {
        hunks.append("@@ -").append(from + 1).append(',').append(toBefore - from);
        hunks.append(" +").append(from + 1).append(',').append(toAfter - from).append(" @@\n");
        before.subList(from, toBefore)
                .forEach(line -> hunks.append('-').append(line).append('\n'));
        after.subList(from, toAfter)
                .forEach(line -> hunks.append('+').append(line).append('\n'));
        changedLines += toBefore - from + toAfter - from;
    }

    private static List<String> lines(String text) {
        return List.of(text.split("\n", -1));
    }
}
