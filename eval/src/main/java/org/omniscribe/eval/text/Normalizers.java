package org.omniscribe.eval.text;

import java.util.List;
import java.util.stream.Collectors;

/** The normalisers there are, by name. */
public final class Normalizers {
    /** See {@link NoNormalizer}. */
    public static final NoNormalizer NONE = new NoNormalizer();
    /** See {@link BasicNormalizer}. */
    public static final BasicNormalizer BASIC = new BasicNormalizer();

    /** See {@link WhisperEnglishNormalizer}. */
    public static final WhisperEnglishNormalizer WHISPER_EN = new WhisperEnglishNormalizer();
    /** See {@link OpenAsrNormalizer}. */
    public static final OpenAsrNormalizer OPEN_ASR = new OpenAsrNormalizer();
    /** See {@link NistNormalizer}. */
    public static final NistNormalizer NIST = new NistNormalizer();

    /** See {@link KaldiNormalizer}. */
    public static final KaldiNormalizer KALDI = new KaldiNormalizer();

    private static final List<Normalizer> ALL = List.of(BASIC, NONE, WHISPER_EN, OPEN_ASR, NIST, KALDI);

    private Normalizers() {}

    /** All of them, the default first. */
    public static List<Normalizer> all() {
        return ALL;
    }

    /**
     * Finds a normaliser.
     *
     * @param name its {@link Normalizer#name}
     * @throws IllegalArgumentException if there is none of that name; the message lists those there are
     */
    public static Normalizer named(String name) {
        return ALL.stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no normaliser \"" + name + "\"; there are "
                        + ALL.stream().map(Normalizer::name).collect(Collectors.joining(", "))));
    }
}
