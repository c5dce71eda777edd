package org.omniscribe.asr.engine;

import java.util.Optional;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.AcousticModel;
import org.omniscribe.asr.model.ModelBundle;

/**
 * The engine of CTC models: the network says what is at each step, and the decoder finds the words in that.
 *
 * @param bundle the model
 * @param model its network, which the engine closes
 * @param frontEnd makes the features that the network takes
 * @param decoder finds the words
 * @param batchSeconds seconds of a recording that the network takes at once, positive
 * @param nBest how many texts there shall be to choose from, at least 1
 * @param routing whether transcripts hold the experts of every step; the network then runs over silence too
 */
public record CtcEngine(
        ModelBundle bundle,
        AcousticModel model,
        LogMelFrontEnd frontEnd,
        CtcDecoder decoder,
        double batchSeconds,
        int nBest,
        boolean routing)
        implements OfflineEngine {
    @Override
    public Transcription begin(SampleSource samples, String name, Request request) {
        request.checkForCtc(bundle.manifest().name());
        return new CtcTranscription(this, samples, name);
    }

    @Override
    public OfflineEngine withHotwords(Hotwords hotwords) {
        CtcDecoder other = decoder.withHotwords(bundle, hotwords);
        return new CtcEngine(bundle, model, frontEnd, other, batchSeconds, nBest, routing);
    }

    @Override
    public Optional<String> warning() {
        return model.warning();
    }

    @Override
    public void close() {
        model.close();
    }
}
