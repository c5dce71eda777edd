package org.omniscribe.asr.engine;

import java.util.List;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** One recording on its way to its transcript. For the use of one thread. */
public interface Transcription extends AutoCloseable {
    /**
     * Takes the next part of the recording, as much as the model takes at once.
     *
     * @return whether there was any; if not, the recording has been read to its end
     * @throws org.omniscribe.asr.audio.AudioException if the recording cannot be read on
     * @throws org.omniscribe.asr.model.ModelException if the model fails
     */
    boolean advance();

    /** Seconds of the recording that have been taken, never less than before. */
    double done();

    /** All words up to now that do not change any more, in order; none where the model cannot tell before the end. */
    default List<Word> words() {
        return List.of();
    }

    /**
     * The transcript, once all has been taken.
     *
     * @param warnings what was wrong with the recording, in sentences for the user
     */
    Transcript transcript(List<String> warnings);

    /** Waits for what is running and frees it. */
    @Override
    void close();
}
