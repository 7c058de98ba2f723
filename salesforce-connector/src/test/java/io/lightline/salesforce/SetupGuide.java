package io.lightline.salesforce;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The tables of {@code docs/salesforce-setup.md}, so that tests can compare them with the code. */
public final class SetupGuide {

    private static final Path PAGE = Path.of("..", "docs", "salesforce-setup.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private SetupGuide() {}

    /** One line of a table, by the names of its columns. */
    public record Row(List<String> header, List<String> cells) {

        public String cell(String column) {
            return cells.get(header.indexOf(column));
        }

        /** What stands between backticks. */
        public List<String> codes(String column) {
            return CODE.matcher(cell(column))
                    .results()
                    .map(code -> code.group(1))
                    .toList();
        }
    }

    /** The rows of the table that begins with these columns; there must be one. */
    public static List<Row> table(String... columns) {
        List<List<String>> lines = lines();
        int begin = 0;
        while (!startsWith(lines.get(begin), List.of(columns))) {
            begin++;
        }
        List<String> header = lines.get(begin);
        return lines.subList(begin + 2, lines.size()).stream()
                .takeWhile(cells -> cells.size() == header.size())
                .map(cells -> new Row(header, cells))
                .toList();
    }

    private static boolean startsWith(List<String> cells, List<String> columns) {
        return cells.size() >= columns.size()
                && cells.subList(0, columns.size()).equals(columns);
    }

    /** All lines, as cells; a line that is none of a table has no cells. */
    private static List<List<String>> lines() {
        try {
            return Files.readAllLines(PAGE).stream().map(SetupGuide::cells).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cells(String line) {
        return line.startsWith("|")
                ? Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(String::strip)
                        .toList()
                : List.of();
    }
}
