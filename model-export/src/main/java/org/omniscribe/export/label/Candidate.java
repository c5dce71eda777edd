package org.omniscribe.export.label;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.omniscribe.asr.io.Faults;

/**
 * A stretch of a recording with what a recogniser heard in it, and what speaks for it.
 *
 * @param start where it begins, in seconds
 * @param end where it ends, in seconds, after the start
 * @param text what was heard, at least one word
 * @param confidence mean confidence of the words, 0..1
 * @param speech share of the stretch that lies in words, 0..1
 * @param agreement share of words that a second recogniser heard alike, 0..1; null if there was none
 */
public record Candidate(double start, double end, String text, double confidence, double speech, Double agreement) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Checks all fields and reports every fault at once. */
    public Candidate {
        Objects.requireNonNull(text, "text");
        Faults faults = new Faults();
        if (!(start >= 0 && end > start && end < Double.POSITIVE_INFINITY)) {
            faults.add("times must obey 0 <= start < end, not " + start + " and " + end);
        }
        faults.notBlank("text", text);
        faults.share("confidence", confidence);
        faults.share("speech", speech);
        faults.share("agreement", agreement == null ? 1 : agreement);
        faults.orThrow("Candidate");
    }

    /**
     * The line of a training manifest, as {@code omniscribe train} takes it.
     *
     * @param audio the recording, as seen from the manifest
     */
    public String manifestLine(String audio) {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", audio + "#" + rounded(start));
        line.put("audio", audio);
        line.put("start", rounded(start));
        line.put("end", rounded(end));
        line.put("text", text);
        line.put("confidence", rounded(confidence));
        line.put("speech", rounded(speech));
        if (agreement != null) {
            line.put("agreement", rounded(agreement));
        }
        return line.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** Length in seconds. */
    @JsonIgnore
    public double seconds() {
        return end - start;
    }
}
