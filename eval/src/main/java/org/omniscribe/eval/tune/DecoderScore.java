package org.omniscribe.eval.tune;

import java.util.ArrayList;
import java.util.List;
import org.omniscribe.asr.decode.CtcDecoder;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.eval.score.Alignment;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.ErrorCounts;
import org.omniscribe.eval.text.Normalizer;

/**
 * What a decoder makes of recordings that a network has heard.
 *
 * @param counts the word errors
 * @param words all words that were found, in order
 * @param right of each whether it was said
 */
public record DecoderScore(ErrorCounts counts, List<Word> words, List<Boolean> right) {
    /** One recording. */
    private record Part(ErrorCounts counts, List<Word> words, List<Boolean> right) {}

    /** Decodes all, on all processors. */
    public static DecoderScore of(List<Hearing> hearings, CtcDecoder decoder, Normalizer normalizer) {
        List<Part> parts =
                hearings.parallelStream().map(h -> part(h, decoder, normalizer)).toList();
        ErrorCounts counts = ErrorCounts.NONE;
        List<Word> words = new ArrayList<>();
        List<Boolean> right = new ArrayList<>();
        for (Part part : parts) {
            counts = counts.plus(part.counts);
            words.addAll(part.words);
            right.addAll(part.right);
        }
        return new DecoderScore(counts, words, right);
    }

    private static Part part(Hearing hearing, CtcDecoder decoder, Normalizer normalizer) {
        List<Word> words = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        hearing.emissions().forEach(emission -> decoder.decode(emission).words().forEach(word -> {
            for (String token : normalizer.normalize(word.text()).split(" ")) {
                if (!token.isEmpty()) {
                    words.add(word);
                    tokens.add(token);
                }
            }
        }));
        List<String> said = hearing.reference().isEmpty()
                ? List.of()
                : List.of(hearing.reference().split(" "));
        Alignment alignment = Alignment.of(said, tokens, EditCosts.NIST);
        long[] n = new long[Alignment.Edit.values().length];
        List<Boolean> right = new ArrayList<>();
        for (Alignment.Pair pair : alignment.pairs()) {
            n[pair.edit().ordinal()]++;
            if (pair.hypothesis() != null) {
                right.add(pair.edit() == Alignment.Edit.CORRECT);
            }
        }
        return new Part(
                new ErrorCounts(
                        n[Alignment.Edit.CORRECT.ordinal()],
                        n[Alignment.Edit.SUBSTITUTION.ordinal()],
                        n[Alignment.Edit.DELETION.ordinal()],
                        n[Alignment.Edit.INSERTION.ordinal()]),
                words,
                right);
    }
}
