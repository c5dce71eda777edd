package org.omniscribe.eval.run;

/**
 * A reason not to trust a figure without a look: what is odd about an utterance or about a system's output for it.
 *
 * @param kind what is odd
 * @param set the test set
 * @param id the utterance, or what a file calls it
 * @param detail the particulars; may be empty
 */
public record Concern(Kind kind, String set, String id, String detail) {
    /** What can be odd. */
    public enum Kind {
        /** In no rate. */
        EMPTY_REFERENCE("the reference is empty once normalised; in no rate", false),
        /** In no rate. */
        AUDIO_FAILED("the audio cannot be read; in no rate", false),
        /** In no rate. */
        PENDING("not recognised yet; in no rate", false),
        /** All its words count as deleted. */
        NO_HYPOTHESIS("the imported output lacks it; all its words count as deleted", false),
        /** In no rate. */
        UNKNOWN_HYPOTHESIS("the imported output has it, the test set does not; in no rate", false),
        /** Counts twice. */
        SAME_AUDIO("the same stretch of audio is in the set twice", true),
        /** Cannot be recognised by an English model. */
        FOREIGN_LETTERS("the reference has letters that English does not have", true),
        /** More than about seven words a second. */
        TOO_MANY_WORDS("the reference has more words than anybody says in the time", true),
        /** Less than a word in five seconds. */
        TOO_FEW_WORDS("the reference has hardly any words for the time", true),
        /** Below -70 dB. */
        SILENT("there is no sound in the audio", true),
        /** A tenth shorter or longer than the corpus tells. */
        OTHER_LENGTH("the audio is not as long as the corpus says", true),
        /** The reader of the audio warned. */
        DAMAGED_AUDIO("the audio is damaged", true),
        /** Every system heard four times as much or a quarter of what is written. */
        OTHER_TEXT("every system hears a text of quite another length than the reference", true);

        private final String sentence;
        private final boolean suspect;

        Kind(String sentence, boolean suspect) {
            this.sentence = sentence;
            this.suspect = suspect;
        }

        /** The kind in words. */
        public String sentence() {
            return sentence;
        }

        /** Whether the utterance is in the rates, though its reference may be wrong. */
        public boolean suspect() {
            return suspect;
        }
    }
}
