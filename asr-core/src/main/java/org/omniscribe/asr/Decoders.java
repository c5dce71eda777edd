package org.omniscribe.asr;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.decode.GreedyDecoder;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.decode.LexiconDecoder;
import org.omniscribe.asr.decode.PhraseDecoder;
import org.omniscribe.asr.decode.PrefixBeamDecoder;
import org.omniscribe.asr.decode.Pronunciations;
import org.omniscribe.asr.decode.SpeechOnly;
import org.omniscribe.asr.decode.WrittenHotwords;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.model.BeamSettings;
import org.omniscribe.asr.model.LexiconSettings;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;

/** Makes the decoders that a {@link Recognizer} may use. */
public final class Decoders {
    private Decoders() {}

    /**
     * The decoder that a model asks for: search by sound where it has a pronunciation lexicon, else beam search with its
     * language model where it has one, else the greedy one.
     *
     * @throws ModelException if its lexicon or language model cannot be used
     */
    public static CtcDecoder standard(ModelBundle bundle) {
        if (bundle.manifest().lexicon() != null) {
            return lexicon(Function.identity(), Optional.empty(), Optional.empty())
                    .apply(bundle);
        }
        return bundle.manifest().beam() == null
                ? greedy(bundle)
                : beam(Function.identity(), Optional.empty(), Optional.empty(), false)
                        .apply(bundle);
    }

    /** What a decoder finds, without what it finds where nobody spoke. */
    public static Function<ModelBundle, CtcDecoder> speechOnly(Function<ModelBundle, CtcDecoder> decoder) {
        return bundle -> new SpeechOnly(decoder.apply(bundle));
    }

    /** The greedy decoder, whatever the model has. */
    public static CtcDecoder greedy(ModelBundle bundle) {
        return new GreedyDecoder(bundle.vocabulary());
    }

    /**
     * Search among phrases, for commands: by their sound where a model has a pronunciation lexicon, else exactly by their
     * spelling.
     *
     * @param phrases at least one; the only things that can be said
     * @return makes a decoder for a model; throws {@link ModelException} if its tokens cannot spell some of them
     */
    public static Function<ModelBundle, CtcDecoder> phrases(List<String> phrases) {
        return bundle -> {
            if (bundle.manifest().lexicon() != null) {
                return fromLexicon(
                        bundle,
                        dictionary -> LexiconDecoder.forPhrases(
                                bundle.vocabulary(),
                                bundle.phones().orElseThrow(),
                                dictionary,
                                bundle.manifest().lexicon(),
                                phrases));
            }
            try {
                return new PhraseDecoder(bundle.vocabulary(), phrases);
            } catch (IllegalArgumentException e) {
                throw new ModelException("model bundle " + bundle.location() + " cannot be held to the phrases: "
                        + e.getMessage() + ". Write them with other characters.");
            }
        };
    }

    /**
     * Beam search.
     *
     * @param change makes the settings of those that the model asks for, or of {@link BeamSettings#STANDARD} if it asks
     *     for none
     * @param model a language model in place of the model's own
     * @param hotwords what is to be likelier, if anything
     * @param lexiconOnly whether words must be in the language model's vocabulary or among the hot words
     * @return makes a decoder for a model; throws {@link ModelException} if its language model cannot be used, or if
     *     there is none where words are to be held to its vocabulary
     */
    public static Function<ModelBundle, CtcDecoder> beam(
            Function<BeamSettings, BeamSettings> change,
            Optional<LanguageModel> model,
            Optional<Hotwords> hotwords,
            boolean lexiconOnly) {
        return bundle -> {
            BeamSettings own = bundle.manifest().beam();
            Optional<LanguageModel> used = model.isPresent() ? model : languageModel(bundle);
            if (lexiconOnly && used.isEmpty()) {
                throw new ModelException("model bundle " + bundle.location()
                        + " has no language model whose words could be the only ones. Name a language model.");
            }
            CtcDecoder decoder = new PrefixBeamDecoder(
                    bundle.vocabulary(),
                    change.apply(own == null ? BeamSettings.STANDARD : own),
                    used,
                    hotwords,
                    lexiconOnly);
            return written(decoder, hotwords);
        };
    }

    /**
     * Search for words by their sound.
     *
     * @param change makes the settings of those that the model asks for
     * @param model a language model in place of the model's own
     * @param hotwords what is to be likelier, if anything
     * @return makes a decoder for a model; throws {@link ModelException} if it has no pronunciation lexicon, or its
     *     lexicon or language model cannot be used
     */
    public static Function<ModelBundle, CtcDecoder> lexicon(
            Function<LexiconSettings, LexiconSettings> change,
            Optional<LanguageModel> model,
            Optional<Hotwords> hotwords) {
        return bundle -> fromLexicon(
                bundle,
                dictionary -> written(
                        new LexiconDecoder(
                                bundle.vocabulary(),
                                bundle.phones().orElseThrow(),
                                dictionary,
                                model.or(() -> languageModel(bundle)).orElseThrow(),
                                change.apply(bundle.manifest().lexicon()),
                                hotwords),
                        hotwords));
    }

    /** Hot words are written as the user wrote them. */
    private static CtcDecoder written(CtcDecoder decoder, Optional<Hotwords> hotwords) {
        return hotwords.isPresent() ? new WrittenHotwords(decoder, hotwords.get()) : decoder;
    }

    private static CtcDecoder fromLexicon(ModelBundle bundle, Function<Pronunciations, CtcDecoder> decoder) {
        byte[] lexicon = bundle.lexicon()
                .orElseThrow(() -> new ModelException("model bundle " + bundle.location()
                        + " has no pronunciation lexicon to find words by their sound. Use another decoder."));
        String name = ModelBundle.LEXICON + " of model bundle " + bundle.location();
        try {
            return decoder.apply(Pronunciations.readCompressed(new ByteArrayInputStream(lexicon), name));
        } catch (IOException e) {
            throw new ModelException(
                    name + " is damaged (" + FailureText.reason(e) + "). Fetch or export the bundle again.", e);
        } catch (IllegalArgumentException e) {
            throw new ModelException(name + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Optional<LanguageModel> languageModel(ModelBundle bundle) {
        return bundle.languageModel().map(bytes -> {
            try {
                return LanguageModel.read(
                        new ByteArrayInputStream(bytes),
                        ModelBundle.LANGUAGE_MODEL + " of model bundle " + bundle.location());
            } catch (IOException e) {
                throw new IllegalStateException("memory can always be read", e);
            }
        });
    }
}
