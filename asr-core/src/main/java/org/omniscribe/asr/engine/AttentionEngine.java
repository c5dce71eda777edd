package org.omniscribe.asr.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.attention.AttentionDecoder;
import org.omniscribe.asr.attention.AttentionOptions;
import org.omniscribe.asr.attention.WindowEncoder;
import org.omniscribe.asr.audio.SampleSource;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.model.AttentionSpec;

/**
 * The engine of models that write the text of a window by attention, such as Whisper. Windows are cut at pauses, never by
 * the model's own time tokens; they are as long as the sound in them, and many are decoded at a time.
 *
 * @param name of the model
 * @param spec its decoder's shape and tokens
 * @param frontEnd makes the features that the encoder takes
 * @param encoder the encoder, which the engine closes
 * @param stacking frames of a step of the encoder
 * @param decoder writes the texts; closed by the engine too
 * @param options how, where a request says nothing else
 * @param batchSeconds seconds of a recording that are decoded at once, positive
 * @param warning why the networks do not run where they were asked to; empty if they do
 * @param routing whether experts are asked for, which such a model does not have: transcripts then say so
 */
public record AttentionEngine(
        String name,
        AttentionSpec spec,
        LogMelFrontEnd frontEnd,
        WindowEncoder encoder,
        int stacking,
        AttentionDecoder decoder,
        AttentionOptions options,
        double batchSeconds,
        Optional<String> warning,
        boolean routing)
        implements OfflineEngine {
    /** Seconds that are decoded at once at least: the search reads its weights once for all windows. */
    private static final double MIN_BATCH = 160;

    /** Takes at least so many seconds at once that the decoder is used well. */
    public AttentionEngine {
        batchSeconds = Math.max(MIN_BATCH, batchSeconds);
    }

    @Override
    public Transcription begin(SampleSource samples, String recording, Request request) {
        return new AttentionTranscription(this, checked(request), samples, recording);
    }

    /** What is asked for, if the model can do it. */
    AttentionOptions checked(Request request) {
        AttentionOptions wanted = request.over(options);
        List<String> faults = new ArrayList<>();
        wanted.language().ifPresent(code -> {
            if (spec.multilingual() ? !spec.languages().containsKey(code) : !code.equals("en")) {
                faults.add("it does not know the language \"" + code + "\"; it knows "
                        + (spec.multilingual()
                                ? String.join(", ", spec.languages().keySet())
                                : "en only"));
            }
        });
        if (wanted.translate() && spec.translate() == AttentionSpec.NONE) {
            faults.add("it cannot translate");
        }
        if (!faults.isEmpty()) {
            throw new RequestException(
                    "model " + name + " cannot do what is asked for: " + String.join("; ", faults) + ".");
        }
        return wanted;
    }

    @Override
    public OfflineEngine withHotwords(Hotwords hotwords) {
        List<Hotwords.Hotword> all =
                new ArrayList<>(options.hotwords().map(Hotwords::phrases).orElse(List.of()));
        all.addAll(hotwords.phrases());
        return new AttentionEngine(
                name,
                spec,
                frontEnd,
                encoder,
                stacking,
                decoder,
                options.withHotwords(new Hotwords(all)),
                batchSeconds,
                warning,
                routing);
    }

    @Override
    public void close() {
        encoder.close();
        decoder.close();
    }
}
