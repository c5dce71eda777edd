package org.omniscribe.eval.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.omniscribe.datasets.Utterance;

/**
 * Looks for references that cannot be right: letters that English does not have, more words than the time holds, silence,
 * audio of another length, audio that is there twice, texts that no system hears anything like.
 */
public final class ReferenceCheck {
    /** Fast speech has five words a second; short segments are cut tightly. */
    private static final double MAX_WORDS_PER_SECOND = 7;

    private static final double MAX_LETTERS_PER_SECOND = 35;
    private static final int ALLOWED_WORDS = 2;
    private static final int ALLOWED_LETTERS = 10;
    /** Seconds a word in a recording that is longer than {@link #SOME_TIME}. */
    private static final double MAX_SECONDS_PER_WORD = 5;

    private static final double SOME_TIME = 10;
    private static final double SILENT = -70;
    private static final double OTHER_LENGTH = 0.1;
    private static final double ALLOWED_SECONDS = 0.25;
    private static final double OTHER_TEXT = 4;
    private static final int SHORT_TEXT = 12;

    private ReferenceCheck() {}

    /**
     * Looks through a set.
     *
     * @param set the set
     * @param results what became of it with each system, none pooled
     */
    public static List<Concern> of(TestSet set, List<SetResult> results) {
        Map<String, List<Outcome.Scored>> scored = new HashMap<>();
        for (SetResult result : results) {
            result.scored().forEach(o -> scored.computeIfAbsent(o.utterance().id(), k -> new ArrayList<>())
                    .add(o));
        }
        Map<String, String> places = new HashMap<>();
        List<Concern> concerns = new ArrayList<>();
        for (Utterance utterance : set.utterances()) {
            String id = utterance.id();
            String place =
                    utterance.audio() + " " + utterance.start() + " " + utterance.end() + " " + utterance.channel();
            Optional.ofNullable(places.putIfAbsent(place, id))
                    .ifPresent(first ->
                            concerns.add(new Concern(Concern.Kind.SAME_AUDIO, set.name(), id, "as in " + first)));
            foreign(utterance.text())
                    .ifPresent(letters ->
                            concerns.add(new Concern(Concern.Kind.FOREIGN_LETTERS, set.name(), id, letters)));
            List<Outcome.Scored> outcomes = scored.getOrDefault(id, List.of());
            if (!outcomes.isEmpty()) {
                check(set.name(), utterance, outcomes, concerns);
            }
        }
        return concerns;
    }

    private static void check(String set, Utterance utterance, List<Outcome.Scored> outcomes, List<Concern> concerns) {
        String id = utterance.id();
        String reference = outcomes.get(0).scored().alignment().reference();
        long words = outcomes.get(0).scored().words().reference();
        double seconds = outcomes.stream()
                .map(o -> o.recognition().seconds())
                .filter(s -> s != null)
                .findFirst()
                .orElse(utterance.seconds());
        if (words > MAX_WORDS_PER_SECOND * seconds + ALLOWED_WORDS
                || reference.length() > MAX_LETTERS_PER_SECOND * seconds + ALLOWED_LETTERS) {
            concerns.add(new Concern(Concern.Kind.TOO_MANY_WORDS, set, id, inTime(words, seconds)));
        } else if (seconds > SOME_TIME && words * MAX_SECONDS_PER_WORD < seconds) {
            concerns.add(new Concern(Concern.Kind.TOO_FEW_WORDS, set, id, inTime(words, seconds)));
        }
        if (Math.abs(seconds - utterance.seconds()) > OTHER_LENGTH * utterance.seconds() + ALLOWED_SECONDS) {
            concerns.add(new Concern(
                    Concern.Kind.OTHER_LENGTH,
                    set,
                    id,
                    String.format(Locale.ROOT, "%.2f s instead of %.2f s", seconds, utterance.seconds())));
        }
        outcomes.stream()
                .map(Outcome.Scored::recognition)
                .filter(r -> r.level() != null && r.level() < SILENT)
                .findFirst()
                .ifPresent(r -> concerns.add(
                        new Concern(Concern.Kind.SILENT, set, id, String.format(Locale.ROOT, "%.0f dB", r.level()))));
        outcomes.stream()
                .map(Outcome.Scored::recognition)
                .filter(r -> !r.warnings().isEmpty())
                .findFirst()
                .ifPresent(r -> concerns.add(
                        new Concern(Concern.Kind.DAMAGED_AUDIO, set, id, String.join("; ", r.warnings()))));
        if (outcomes.stream().allMatch(ReferenceCheck::otherText)) {
            concerns.add(new Concern(
                    Concern.Kind.OTHER_TEXT,
                    set,
                    id,
                    "heard: " + outcomes.get(0).scored().alignment().hypothesis()));
        }
    }

    private static String inTime(long words, double seconds) {
        return String.format(Locale.ROOT, "%d words in %.2f s", words, seconds);
    }

    private static boolean otherText(Outcome.Scored outcome) {
        int written = outcome.scored().alignment().reference().length();
        int heard = outcome.scored().alignment().hypothesis().length();
        return Math.max(written, heard) > SHORT_TEXT
                && (heard > OTHER_TEXT * written || written > OTHER_TEXT * Math.max(1, heard));
    }

    /** The letters of other scripts in a text, each once; those of the Latin script with accents are none. */
    private static Optional<String> foreign(String text) {
        StringBuilder letters = new StringBuilder();
        text.codePoints()
                .filter(Character::isLetter)
                .filter(c -> Character.UnicodeScript.of(c) != Character.UnicodeScript.LATIN
                        && Character.UnicodeScript.of(c) != Character.UnicodeScript.COMMON)
                .distinct()
                .forEach(letters::appendCodePoint);
        return letters.isEmpty() ? Optional.empty() : Optional.of(letters.toString());
    }
}
