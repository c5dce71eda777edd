package org.omniscribe.datasets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

/**
 * Reads a folder of audio with a table, as Hugging Face's AudioFolder lays it out: {@code metadata.csv} with a header, or
 * {@code metadata.jsonl}.
 *
 * <p>The column {@code file_name} is the path from the table's folder, which it must not leave. The transcript is in the
 * first of the columns {@code transcription}, {@code text}, {@code sentence}, {@code normalized_text} and {@code transcript}; the
 * speaker in {@code speaker_id} or {@code speaker}.
 */
public final class MetadataFolder {
    /** The tables looked for. */
    public static final List<String> FILE_NAMES = List.of("metadata.csv", "metadata.jsonl");

    private static final List<String> TEXT =
            List.of("transcription", "text", "sentence", "normalized_text", "transcript");

    private MetadataFolder() {}

    /**
     * Reads a table and measures the audio.
     *
     * @throws DatasetException naming all faults at once
     */
    public static UtteranceList read(Path table) {
        Problems problems = new Problems(table);
        List<Utterance> utterances = new ArrayList<>();
        List<String> lines = problems.lines(table);
        List<Map<String, String>> rows =
                table.toString().endsWith(".csv") ? csv(String.join("\n", lines), problems) : jsonl(lines, problems);
        for (int i = 0; i < rows.size(); i++) {
            Map<String, String> row = rows.get(i);
            String place = "row " + (i + 1);
            String name = row.getOrDefault("file_name", "");
            String text = TEXT.stream()
                    .map(row::get)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (name.isEmpty() || text == null) {
                problems.fault(place + ": no " + (name.isEmpty() ? "file_name" : String.join(" or ", TEXT)));
                continue;
            }
            Path audio = problems.inside(table.toAbsolutePath().getParent(), name, place);
            if (audio != null && problems.isNew(name, place)) {
                double seconds = problems.seconds(audio);
                if (seconds > 0) {
                    String speaker = Stream.of("speaker_id", "speaker")
                            .map(row::get)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse("");
                    utterances.add(Utterance.ofFile(name, audio, seconds, speaker, text.strip()));
                }
            }
        }
        return new UtteranceList(
                utterances,
                problems.finish(utterances, "A row needs file_name and one of " + String.join(", ", TEXT) + "."));
    }

    private static List<Map<String, String>> jsonl(List<String> lines, Problems problems) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String place = "line " + (i + 1) + ": ";
            Faults faults = new Faults();
            Map<String, String> row = new HashMap<>();
            JsonReader.of(lines.get(i), faults)
                    .members()
                    .forEach((name, value) -> row.put(name, value.node().asText()));
            faults.list().forEach(fault -> problems.fault(place + fault));
            if (!row.isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** Comma-separated values by RFC 4180: quotation marks around a cell, doubled within. */
    private static List<Map<String, String>> csv(String text, Problems problems) {
        List<List<String>> records = new ArrayList<>();
        List<String> record = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"' && (quoted || cell.isEmpty())) {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                record.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    records.add(record);
                    record = new ArrayList<>();
                }
            } else {
                cell.append(c);
            }
        }
        if (quoted) {
            problems.fault("a quotation mark is not closed");
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (List<String> cells : records.subList(Math.min(1, records.size()), records.size())) {
            if (cells.equals(List.of(""))) {
                continue;
            }
            List<String> header = records.get(0);
            Map<String, String> row = new HashMap<>();
            for (int c = 0; c < Math.min(header.size(), cells.size()); c++) {
                row.put(header.get(c).strip(), cells.get(c));
            }
            if (cells.size() != header.size()) {
                problems.fault("row " + (rows.size() + 1) + ": " + cells.size() + " cells instead of " + header.size());
            }
            rows.add(row);
        }
        return rows;
    }
}
