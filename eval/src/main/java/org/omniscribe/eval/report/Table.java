package org.omniscribe.eval.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Cells of text below a head; the first column holds names, the others numbers.
 *
 * @param head names of the columns
 * @param rows as wide as the head
 */
record Table(List<String> head, List<List<String>> rows) {
    Table {
        head = List.copyOf(head);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != head.size()) {
                throw new IllegalArgumentException("a row of " + row.size() + " cells below " + head.size());
            }
        }
    }

    /** Aligned with spaces, names to the left and numbers to the right; lines end with a line feed. */
    String text() {
        List<Integer> widths = IntStream.range(0, head.size())
                .mapToObj(c -> Math.max(
                        head.get(c).length(),
                        rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0)))
                .toList();
        StringBuilder text = new StringBuilder();
        append(head, widths, text);
        rows.forEach(row -> append(row, widths, text));
        return text.toString();
    }

    private static void append(List<String> row, List<Integer> widths, StringBuilder text) {
        for (int c = 0; c < row.size(); c++) {
            String spaces = " ".repeat(widths.get(c) - row.get(c).length());
            text.append(c == 0 ? row.get(c) + spaces : "  " + spaces + row.get(c));
        }
        text.append('\n');
    }

    /** A table of Markdown; lines end with a line feed. */
    String markdown() {
        return line(head) + "|---" + "|---:".repeat(head.size() - 1) + "|\n"
                + rows.stream().map(Table::line).collect(Collectors.joining());
    }

    private static String line(List<String> row) {
        return row.stream()
                .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** Comma-separated values as RFC 4180 has them, lines ending with a line feed. */
    String csv() {
        return record(head) + rows.stream().map(Table::record).collect(Collectors.joining());
    }

    private static String record(List<String> row) {
        return row.stream()
                .map(cell -> cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(",", "", "\n"));
    }
}
