package org.omniscribe.export.label;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.eval.text.Normalizers;

/**
 * What is kept of labelled recordings, and why the rest is not.
 *
 * @param kept in the order of the recordings
 * @param dropped stretches for each reason
 * @param twice recordings that are the same sound as an earlier one; their stretches are not counted
 * @param seconds of all that was looked at, without recordings that are there twice
 */
public record Selection(List<Kept> kept, Map<Reason, Integer> dropped, List<String> twice, double seconds) {
    /** A stretch that is kept, and the recording it is of. */
    public record Kept(LabelledRecording recording, Candidate candidate) {}

    /** Why a stretch is not kept; the first that holds. */
    public enum Reason {
        /** Shorter than {@link Rules#minSeconds}. */
        TOO_SHORT("too short"),
        /** Longer than {@link Rules#maxSeconds}. */
        TOO_LONG("too long"),
        /** The letters do not tell how it sounds. */
        UNSPEAKABLE("digits or signs in the text"),
        /** Below {@link Rules#minConfidence}. */
        UNSURE("not sure enough"),
        /** Below {@link Rules#minSpeech}. */
        LITTLE_SPEECH("too little speech"),
        /** Below {@link Rules#minAgreement}. */
        DISPUTED("heard otherwise by the second model"),
        /** The text has been there {@link Rules#maxRepeats} times. */
        REPEATED("the same text too often");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** The reason in words. */
        public String words() {
            return words;
        }
    }

    /**
     * What must hold for a stretch to be kept.
     *
     * @param minSeconds least length
     * @param maxSeconds greatest length
     * @param minConfidence least mean confidence of its words, 0..1
     * @param minSpeech least share of it that lies in words, 0..1
     * @param minAgreement least agreement with the second model, 0..1; holds where there was one
     * @param maxRepeats how often one text may be kept, at least 1
     */
    public record Rules(
            double minSeconds,
            double maxSeconds,
            double minConfidence,
            double minSpeech,
            double minAgreement,
            int maxRepeats)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        /** Checks all fields and reports every fault at once. */
        public Rules {
            Faults faults = new Faults();
            if (!(minSeconds >= 0 && maxSeconds > minSeconds)) {
                faults.add("lengths must obey 0 <= least < greatest, not " + minSeconds + " and " + maxSeconds);
            }
            faults.share("the least confidence", minConfidence);
            faults.share("the least speech", minSpeech);
            faults.share("the least agreement", minAgreement);
            if (maxRepeats < 1) {
                faults.add("a text must be allowed at least once, not " + maxRepeats + " times");
            }
            faults.orThrow();
        }

        /** Why a stretch is not kept, for what it is by itself; empty if it is, unless its text comes too often. */
        public Optional<Reason> against(Candidate candidate) {
            if (candidate.seconds() < minSeconds) {
                return Optional.of(Reason.TOO_SHORT);
            }
            if (candidate.seconds() > maxSeconds + 1e-6) {
                return Optional.of(Reason.TOO_LONG);
            }
            if (!Normalizers.BASIC.spelledOut(candidate.text())) {
                return Optional.of(Reason.UNSPEAKABLE);
            }
            if (candidate.confidence() < minConfidence) {
                return Optional.of(Reason.UNSURE);
            }
            if (candidate.speech() < minSpeech) {
                return Optional.of(Reason.LITTLE_SPEECH);
            }
            boolean disputed = candidate.agreement() != null && candidate.agreement() < minAgreement;
            return disputed ? Optional.of(Reason.DISPUTED) : Optional.empty();
        }
    }

    /** Copies the collections. */
    public Selection {
        kept = List.copyOf(kept);
        dropped = Map.copyOf(dropped);
        twice = List.copyOf(twice);
    }

    /** Seconds that are kept. */
    public double keptSeconds() {
        return kept.stream().mapToDouble(k -> k.candidate().seconds()).sum();
    }

    /**
     * A selection in numbers.
     *
     * @param recordings that were looked at
     * @param kept stretches
     * @param keptSeconds of them
     * @param seconds of all that was looked at
     * @param dropped stretches for each reason
     * @param twice recordings that are the same sound as an earlier one
     * @param firstTwice the first of these; null if there is none
     */
    public record Counts(
            long recordings,
            long kept,
            double keptSeconds,
            double seconds,
            Map<Reason, Long> dropped,
            long twice,
            String firstTwice) {}

    /** The selection in numbers. */
    public Counts counts(long recordings) {
        Map<Reason, Long> numbers = new EnumMap<>(Reason.class);
        dropped.forEach((reason, number) -> numbers.put(reason, (long) number));
        return new Counts(
                recordings,
                kept.size(),
                keptSeconds(),
                seconds,
                numbers,
                twice.size(),
                twice.isEmpty() ? null : twice.get(0));
    }

    /** What two texts have in common that count as one and the same. */
    public static String sameText(String text) {
        return Normalizers.BASIC.normalize(text);
    }

    /**
     * Selects by rules.
     *
     * @param recordings in the order that decides which of several equal ones are kept
     */
    public static Selection of(List<LabelledRecording> recordings, Rules rules) {
        List<Kept> kept = new ArrayList<>();
        Map<Reason, Integer> dropped = new EnumMap<>(Reason.class);
        List<String> twice = new ArrayList<>();
        Set<String> sounds = new HashSet<>();
        Map<String, Integer> texts = new HashMap<>();
        double seconds = 0;
        for (LabelledRecording recording : recordings) {
            if (!sounds.add(recording.sound())) {
                twice.add(recording.audio());
                continue;
            }
            seconds += recording.seconds();
            for (Candidate candidate : recording.candidates()) {
                Optional<Reason> reason = rules.against(candidate);
                if (reason.isEmpty() && texts.merge(sameText(candidate.text()), 1, Integer::sum) > rules.maxRepeats) {
                    reason = Optional.of(Reason.REPEATED);
                }
                reason.ifPresentOrElse(
                        why -> dropped.merge(why, 1, Integer::sum), () -> kept.add(new Kept(recording, candidate)));
            }
        }
        return new Selection(kept, dropped, twice, seconds);
    }
}
