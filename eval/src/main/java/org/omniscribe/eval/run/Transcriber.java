package org.omniscribe.eval.run;

import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.datasets.Utterance;

/** Whatever turns an utterance into words: a recogniser, or the stored output of one. */
@FunctionalInterface
public interface Transcriber {
    /**
     * Recognises one utterance.
     *
     * @throws org.omniscribe.asr.audio.AudioException if its audio cannot be read
     * @throws org.omniscribe.datasets.DatasetException if the file does not hold it
     */
    Transcript transcribe(Utterance utterance);
}
