package io.lightline.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of values in the chart's README, made of the comments in values.yaml: {@code # ==== Section ====}, and {@code # -- Text}
 * over each value. A value without a text is a mistake.
 */
final class ValuesTable {

    private static final Pattern SECTION = Pattern.compile("# ==== (.+) ====");
    private static final Pattern KEY = Pattern.compile("( *)([\\w-]+):.*");
    private static final Pattern COMMENT = Pattern.compile(" *# (-- )?(.*)");

    /** A key that contains the current line, and how far it is indented. */
    private record Level(int indent, String path) {}

    private final JsonNode values;
    private final StringBuilder table = new StringBuilder();
    private final Deque<Level> levels = new ArrayDeque<>();
    private final List<String> comment = new ArrayList<>();

    private ValuesTable(JsonNode values) {
        this.values = values;
    }

    static String of(Path file) throws IOException {
        String text = Files.readString(file);
        var table = new ValuesTable(Rendering.read(text));
        text.lines().forEach(table::line);
        return table.table.append('\n').toString();
    }

    private void line(String line) {
        Matcher section = SECTION.matcher(line);
        Matcher text = COMMENT.matcher(line);
        Matcher key = KEY.matcher(line);
        if (section.matches()) {
            table.append("\n### %s\n\n| Value | Default | What for |\n|---|---|---|\n".formatted(section.group(1)));
            comment.clear();
        } else if (text.matches()) {
            if (text.group(1) != null || !comment.isEmpty()) {
                comment.add(text.group(2));
            }
        } else if (key.matches()) {
            value(key.group(1).length(), key.group(2));
        }
    }

    private void value(int indent, String name) {
        while (!levels.isEmpty() && levels.peek().indent() >= indent) {
            levels.pop();
        }
        if (!levels.isEmpty() && levels.peek().path().isEmpty()) {
            // Inside of a value that has its row.
            return;
        }
        String path = (levels.isEmpty() ? "" : levels.peek().path() + ".") + name;
        JsonNode value = values.at("/" + path.replace('.', '/'));
        if (!comment.isEmpty()) {
            table.append("| `%s` | %s | %s |\n"
                    .formatted(path, shown(value), String.join(" ", comment).replace("|", "\\|")));
            comment.clear();
            levels.push(new Level(indent, ""));
        } else if (value.isObject() && !value.isEmpty()) {
            levels.push(new Level(indent, path));
        } else {
            throw new IllegalStateException(path + " has no text in values.yaml");
        }
    }

    private static String shown(JsonNode value) {
        if (value.isNull() || value.isTextual() && value.asText().isEmpty()) {
            return "";
        }
        return "`" + (value.isTextual() ? value.asText() : value.toString()) + "`";
    }
}
