package io.lightline.e2e;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** As much of Prometheus' language as it takes to see which metrics an expression is about. */
final class PromQl {

    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
    private static final Pattern SELECTION = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.$])[a-zA-Z_:][\\w:]*(?!\\s*\\(|[\\w:])");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");
    private static final Pattern SERIES = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private PromQl() {}

    /** One series. */
    record Series(String name, Map<String, String> labels) {}

    /** Names of the metrics that an expression names. */
    static Set<String> metrics(String expression) {
        String bare = TEXT.matcher(expression).replaceAll("");
        bare = SELECTION.matcher(bare).replaceAll("");
        bare = GROUPING.matcher(bare).replaceAll("");
        var names = new TreeSet<>(
                NAME.matcher(bare).results().map(MatchResult::group).toList());
        names.removeAll(WORDS);
        return names;
    }

    /** As the metrics endpoints write them, and promtool's tests, without the value. */
    static Series series(String text) {
        var series = SERIES.matcher(text.strip());
        if (!series.matches()) {
            throw new IllegalArgumentException("No series: " + text);
        }
        var labels = new TreeMap<String, String>();
        if (series.group(2) != null) {
            LABEL.matcher(series.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return new Series(series.group(1), labels);
    }
}
