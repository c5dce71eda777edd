package org.omniscribe.export.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;

/**
 * What a person says of the names in a checkpoint; it goes before what can be told by the names themselves.
 *
 * @param tensors name in the checkpoint by place in the network, both with {@code {l}} for the layer and {@code {e}} for
 *     the expert, counted from 0; the name followed by {@code ^T} where the matrix lies turned
 * @param ignore regular expressions of whole names that belong to no place
 */
public record NameMapping(Map<String, String> tensors, List<String> ignore) {
    /** Says nothing. */
    public static final NameMapping NONE = new NameMapping(null, null);

    /** Copies; null is empty. Checks the regular expressions and the places. */
    public NameMapping {
        tensors = tensors == null ? Map.of() : new LinkedHashMap<>(tensors);
        ignore = ignore == null ? List.of() : List.copyOf(ignore);
        ignore.forEach(NameMapping::check);
        for (String place : tensors.keySet()) {
            if (!Slot.exists(place)) {
                throw new IllegalArgumentException(
                        "there is no place \"" + place + "\"; places are " + String.join(", ", Slot.PLACES));
            }
        }
    }

    /**
     * Reads a mapping from JSON, an object with the fields of this record.
     *
     * @throws CheckpointException if it cannot be read or is no mapping
     */
    public static NameMapping read(Path file) {
        Faults faults = new Faults();
        NameMapping mapping;
        try {
            mapping = JsonReader.ofCommented(Files.readAllBytes(file), faults).partial(NameMapping.class);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read (" + FailureText.reason(e) + "); check the path", e);
        }
        faults.orThrow(all -> new CheckpointException(file + ": not a mapping of names: " + all
                + ". It is a JSON object with \"tensors\" (name by place) and \"ignore\" (regular expressions)"));
        return mapping;
    }

    private static void check(String expression) {
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "\"" + expression + "\" is no regular expression (" + e.getDescription() + ")", e);
        }
    }

    boolean ignores(String name) {
        return ignore.stream().anyMatch(name::matches);
    }

    /** The place of a name, if a rule is for it. */
    Optional<Slot> slot(String name) {
        for (Map.Entry<String, String> rule : tensors.entrySet()) {
            boolean turned = rule.getValue().endsWith("^T");
            String wanted =
                    turned ? rule.getValue().substring(0, rule.getValue().length() - 2) : rule.getValue();
            String pattern =
                    Pattern.quote(wanted).replace("{l}", "\\E(?<l>\\d+)\\Q").replace("{e}", "\\E(?<e>\\d+)\\Q");
            Matcher matcher = Pattern.compile(pattern).matcher(name);
            if (matcher.matches()) {
                String place = rule.getKey();
                for (String index : List.of("l", "e")) {
                    if (place.contains("{" + index + "}") && wanted.contains("{" + index + "}")) {
                        place = place.replace("{" + index + "}", matcher.group(index));
                    }
                }
                return Optional.of(new Slot(place, turned));
            }
        }
        return Optional.empty();
    }
}
