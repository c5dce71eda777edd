package org.omniscribe.asr.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.omniscribe.asr.feature.FeatureSpec;

/**
 * What {@code model.json} says of a bundle: everything that is needed to run the model, and where it came from.
 *
 * <p>The JSON has exactly these components, in this order, under these names; enumerations by their Java names, parts of
 * several kinds with their {@code kind}, {@code created} as ISO 8601 in UTC. A component that is missing or unknown is a
 * fault; but {@code tokenizer}, {@code beam} and {@code lexicon} are there only where they say something. In format 1
 * {@code architecture} and {@code features} were flat, and {@code beam} was named {@code decoder}; what is read from it
 * is turned into this form.
 *
 * @param formatVersion version of the bundle format, {@link #FORMAT_VERSION}
 * @param name name of the model, for people and for the transcript's {@code model} field
 * @param architecture shape of the network
 * @param features what the network takes as input
 * @param tokenizer how {@code tokens.txt} is to be understood; null where there is no CTC head
 * @param beam how the CTC output is best decoded; null where that is the likeliest token of every step
 * @param lexicon how its phones are best decoded; null where it has no pronunciation lexicon
 * @param provenance where the model came from and how good it is
 * @param files lower-case hexadecimal SHA-256 of every file of the bundle but {@code model.json}, by file name; empty
 *     in a manifest that is not written yet
 */
public record ModelManifest(
        int formatVersion,
        String name,
        Architecture architecture,
        FeatureSpec features,
        @JsonInclude(JsonInclude.Include.NON_NULL) Tokenizer tokenizer,
        @JsonInclude(JsonInclude.Include.NON_NULL) BeamSettings beam,
        @JsonInclude(JsonInclude.Include.NON_NULL) LexiconSettings lexicon,
        Provenance provenance,
        SortedMap<String, String> files) {
    /** The version of the bundle format that this library writes; it reads this one and all before it. */
    public static final int FORMAT_VERSION = 2;

    /** No separators, no leading dot: a name can never lead out of its bundle. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** Checks all components and reports every fault at once. */
    public ModelManifest {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        List<String> faults = new ArrayList<>();
        if (formatVersion != FORMAT_VERSION) {
            faults.add("formatVersion must be " + FORMAT_VERSION + ", not " + formatVersion);
        }
        if (name.isBlank()) {
            faults.add("name is blank");
        }
        if (features.bins() != architecture.melBins()) {
            faults.add(
                    "features have " + features.bins() + " mel bins, the architecture takes " + architecture.melBins());
        }
        if ((tokenizer == null) != (architecture.vocabulary() == 0)) {
            faults.add(
                    tokenizer == null
                            ? "tokenizer is missing, which says what the CTC head writes"
                            : "tokenizer has no meaning without a CTC head");
        }
        files.forEach((file, hash) -> {
            if (!FILE_NAME.matcher(file).matches()) {
                faults.add("files: \"" + file + "\" is not a plain file name");
            }
            if (!SHA256.matcher(hash).matches()) {
                faults.add("files: \"" + hash + "\" of " + file + " is not a SHA-256 in lower-case hexadecimal");
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** A manifest of the current format that is still to be written with its files. */
    public ModelManifest(
            String name, Architecture architecture, FeatureSpec features, Tokenizer tokenizer, Provenance provenance) {
        this(FORMAT_VERSION, name, architecture, features, tokenizer, null, null, provenance, new TreeMap<>());
    }

    /** This manifest with settings for the beam search of the CTC output. */
    public ModelManifest withBeam(BeamSettings settings) {
        return new ModelManifest(
                formatVersion, name, architecture, features, tokenizer, settings, lexicon, provenance, files);
    }

    /** This manifest with settings for a pronunciation lexicon. */
    public ModelManifest withLexicon(LexiconSettings settings) {
        return new ModelManifest(
                formatVersion, name, architecture, features, tokenizer, beam, settings, provenance, files);
    }

    /** This manifest under another name and of another provenance. */
    public ModelManifest withOrigin(String newName, Provenance newProvenance) {
        return new ModelManifest(
                formatVersion, newName, architecture, features, tokenizer, beam, lexicon, newProvenance, files);
    }

    ModelManifest withFiles(SortedMap<String, String> hashes) {
        return new ModelManifest(
                formatVersion, name, architecture, features, tokenizer, beam, lexicon, provenance, hashes);
    }

    /** Seconds from one encoder step to the next. */
    public double stepSeconds() {
        return architecture.stacking() * features.hopSeconds();
    }

    /**
     * How {@code tokens.txt} is to be understood.
     *
     * @param kind what the tokens are
     * @param blank id of the CTC blank; {@link Vocabulary#BLANK_ID} in bundles of this format
     */
    public record Tokenizer(Kind kind, int blank) {
        /** What the tokens are. */
        public enum Kind {
            /** Single characters, U+2581 for the space. */
            CHARACTER,
            /** Pieces of a SentencePiece unigram model. */
            UNIGRAM,
            /** Pieces of a byte-pair encoding. */
            BPE
        }

        /** Checks the blank. */
        public Tokenizer {
            if (blank != Vocabulary.BLANK_ID) {
                throw new IllegalArgumentException("blank must be " + Vocabulary.BLANK_ID + ", not " + blank);
            }
        }
    }

    /**
     * Where a model came from and how good it is: its model card.
     *
     * @param data corpora that it was trained on
     * @param steps optimiser steps
     * @param training the settings of the training that are worth telling, by name, in the order to tell them
     * @param scores error rates by test set, greedy decoding without a language model unless the name of the set says
     *     otherwise
     * @param licence licence of the weights, an SPDX expression where there is one
     * @param created when the bundle's weights were finished
     */
    public record Provenance(
            List<Corpus> data,
            long steps,
            Map<String, String> training,
            Map<String, Score> scores,
            String licence,
            Instant created) {
        /** Copies the collections and checks the numbers. */
        public Provenance {
            data = List.copyOf(data);
            training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
            scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
            List<String> faults = new ArrayList<>();
            if (steps < 0) {
                faults.add("steps must be at least 0, not " + steps);
            }
            if (licence.isBlank()) {
                faults.add("licence is blank");
            }
            if (created == null) {
                faults.add("created is missing");
            }
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", faults));
            }
        }

        /** Hours of speech over all corpora, each counted once. */
        public double hours() {
            return data.stream().mapToDouble(Corpus::hours).sum();
        }
    }

    /**
     * A corpus in the training data.
     *
     * @param name the corpus and the part of it that was used
     * @param hours hours of speech, at least 0
     * @param licence licence of the corpus
     */
    public record Corpus(String name, double hours, String licence) {
        /** Checks the hours. */
        public Corpus {
            if (!(hours >= 0) || name.isBlank()) {
                throw new IllegalArgumentException("corpus \"" + name + "\" has " + hours + " hours");
            }
        }
    }

    /**
     * Error rates over a test set.
     *
     * @param wer word error rate, 1 is as many errors as reference words
     * @param cer character error rate, likewise
     * @param words reference words
     */
    public record Score(double wer, double cer, long words) {
        /** Checks the ranges. */
        public Score {
            if (!(wer >= 0) || !(cer >= 0) || words < 0) {
                throw new IllegalArgumentException(
                        "score of wer " + wer + ", cer " + cer + " over " + words + " words");
            }
        }
    }
}
