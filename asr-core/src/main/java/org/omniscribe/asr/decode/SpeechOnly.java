package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Word;

/**
 * A decoder that leaves out what it found where nobody spoke.
 *
 * <p>A search finds words in anything, and a network that was trained on speech alone writes something for rain or a dog.
 * But it is unsure of it: the probabilities of a step at which speech is written lie on one token or two, those of a noise
 * on many. So for every {@linkplain Segment segment} of words, the entropy of the steps at which a token is written is
 * averaged and divided by the most that it can be, the logarithm of the number of tokens. Segments in which this
 * <i>doubt</i> exceeds {@value #MAX_OF_TOKENS} are left out, and those in which that of the phones, if the network has
 * any, exceeds {@value #MAX_OF_PHONES}. Both are well above what unclear speech comes to. Immutable and thread-safe.
 */
public final class SpeechOnly implements CtcDecoder {
    private static final double MAX_OF_TOKENS = 0.6;
    private static final double MAX_OF_PHONES = 0.4;

    private final CtcDecoder decoder;

    /** Leaves out of what a decoder finds. */
    public SpeechOnly(CtcDecoder decoder) {
        this.decoder = Objects.requireNonNull(decoder, "decoder");
    }

    @Override
    public Hypothesis decode(Emission emission) {
        return spoken(decoder.decode(emission), emission);
    }

    @Override
    public List<Hypothesis> nBest(Emission emission, int n) {
        List<Hypothesis> different = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        for (Hypothesis hypothesis : decoder.nBest(emission, n)) {
            Hypothesis spoken = spoken(hypothesis, emission);
            if (texts.add(spoken.text())) {
                different.add(spoken);
            }
        }
        return different;
    }

    @Override
    public CtcDecoder withHotwords(ModelBundle bundle, Hotwords hotwords) {
        return new SpeechOnly(decoder.withHotwords(bundle, hotwords));
    }

    private static Hypothesis spoken(Hypothesis hypothesis, Emission emission) {
        List<Word> words = Segment.atPauses(hypothesis.words()).stream()
                .filter(segment -> isSpeech(emission, segment))
                .flatMap(segment -> segment.words().stream())
                .toList();
        return new Hypothesis(words, hypothesis.logProb());
    }

    private static boolean isSpeech(Emission emission, Segment segment) {
        int from = (int) Math.round(segment.start() / emission.stepSeconds());
        int to = (int) Math.round(segment.end() / emission.stepSeconds());
        return doubt(emission.logProbs(), from, to) <= MAX_OF_TOKENS
                && (!emission.hasPhones() || doubt(emission.phoneLogProbs(), from, to) <= MAX_OF_PHONES);
    }

    /** From 0, where every step that writes is sure, to 1; also 1 where none writes. */
    private static double doubt(float[][] logProbs, int from, int to) {
        double sum = 0;
        int count = 0;
        for (int step = Math.max(0, from); step < Math.min(to, logProbs.length); step++) {
            float[] row = logProbs[step];
            if (writes(row)) {
                sum += entropy(row) / Math.log(row.length);
                count++;
            }
        }
        return count == 0 ? 1 : sum / count;
    }

    private static boolean writes(float[] row) {
        for (float logProb : row) {
            if (logProb > row[Vocabulary.BLANK_ID]) {
                return true;
            }
        }
        return false;
    }

    private static double entropy(float[] row) {
        double entropy = 0;
        for (float logProb : row) {
            // What is impossible has no part in it, though its logarithm is infinite.
            entropy -= logProb == Float.NEGATIVE_INFINITY ? 0 : Math.exp(logProb) * logProb;
        }
        return entropy;
    }
}
