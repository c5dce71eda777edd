package org.omniscribe.eval.run;

import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.datasets.Utterance;

/** Whatever turns an utterance into words: a recogniser, or the stored output of one. */
@FunctionalInterface
public interface Transcriber {
    /**
     * What was heard in an utterance.
     *
     * @param transcript the words
     * @param level root mean square of the sound in decibels, 0 being full scale; NaN if nobody measured it
     */
    record Heard(Transcript transcript, double level) {}

    /**
     * Recognises one utterance.
     *
     * @throws org.omniscribe.asr.audio.AudioException if its audio cannot be read
     * @throws org.omniscribe.datasets.DatasetException if the file does not hold it
     */
    Heard transcribe(Utterance utterance);
}
