package org.omniscribe.datasets.corpora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.datasets.Problems;

/** Reads tables with a header, a tab between columns and no quoting: a quotation mark is text. */
final class Tsv {
    private Tsv() {}

    /**
     * One line.
     *
     * @param place where it stands, for messages
     * @param cells by the name of their column
     */
    record Row(String place, Map<String, String> cells) {
        /** The text of a column, empty if there is no such column. */
        String get(String column) {
            return cells.getOrDefault(column, "");
        }
    }

    /** The rows below the header; that a needed column is missing or a row has too few cells is a fault. */
    static List<Row> read(Path file, Problems problems, String... needed) {
        List<Row> rows = new ArrayList<>();
        List<String> lines = problems.lines(file);
        if (lines.isEmpty()) {
            return rows;
        }
        List<String> header = List.of(lines.get(0).split("\t", -1));
        List<String> lacking =
                List.of(needed).stream().filter(c -> !header.contains(c)).toList();
        if (!lacking.isEmpty()) {
            problems.fault(problems.name(file) + " has no column " + String.join(", ", lacking) + "; its columns are "
                    + String.join(", ", header));
            return rows;
        }
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String place = problems.name(file) + " line " + (i + 1);
            String[] cells = lines.get(i).split("\t", -1);
            if (cells.length != header.size()) {
                problems.fault(place + ": " + cells.length + " columns instead of " + header.size());
                continue;
            }
            Map<String, String> row = new HashMap<>();
            for (int c = 0; c < cells.length; c++) {
                row.put(header.get(c), cells[c].strip());
            }
            rows.add(new Row(place, row));
        }
        return rows;
    }
}
