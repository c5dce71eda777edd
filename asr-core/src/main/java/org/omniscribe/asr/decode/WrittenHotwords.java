package org.omniscribe.asr.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.asr.model.Emission;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.transcript.Word;

/** Writes the hot words that a decoder found as the user wrote them: with their capitals, hyphens and accents. */
public final class WrittenHotwords implements CtcDecoder {
    private final CtcDecoder decoder;
    /** By the first word that is spoken, the longest first. */
    private final Map<String, List<Phrase>> phrases = new HashMap<>();

    private record Phrase(List<String> spoken, List<String> written, List<Integer> lengths) {}

    /**
     * A decoder around another.
     *
     * @param decoder finds the words
     * @param hotwords what it was told to expect
     */
    public WrittenHotwords(CtcDecoder decoder, Hotwords hotwords) {
        this.decoder = decoder;
        for (Hotwords.Hotword hotword : hotwords.phrases()) {
            List<String> written = List.of(hotword.written().split(" "));
            List<Integer> lengths = written.stream()
                    .map(word -> new Hotwords.Hotword(word, 0).phrase().split(" ").length)
                    .toList();
            List<String> spoken = Arrays.asList(hotword.phrase().split(" "));
            boolean fits = lengths.stream().mapToInt(n -> n).sum() == spoken.size();
            if (fits && !hotword.written().equals(hotword.phrase())) {
                phrases.computeIfAbsent(spoken.get(0), first -> new ArrayList<>())
                        .add(new Phrase(spoken, written, lengths));
            }
        }
        phrases.values().forEach(list -> list.sort((a, b) -> b.spoken.size() - a.spoken.size()));
    }

    @Override
    public CtcDecoder withHotwords(ModelBundle bundle, Hotwords more) {
        return new WrittenHotwords(decoder.withHotwords(bundle, more), this);
    }

    @Override
    public Hypothesis decode(Emission emission) {
        return written(decoder.decode(emission));
    }

    @Override
    public List<Hypothesis> nBest(Emission emission, int n) {
        return decoder.nBest(emission, n).stream().map(this::written).toList();
    }

    /** Another decoder whose words are written in the same way. */
    private WrittenHotwords(CtcDecoder decoder, WrittenHotwords like) {
        this.decoder = decoder;
        this.phrases.putAll(like.phrases);
    }

    Hypothesis written(Hypothesis hypothesis) {
        List<Word> words = hypothesis.words();
        List<Word> out = new ArrayList<>();
        for (int at = 0; at < words.size(); ) {
            Phrase phrase = found(words, at);
            if (phrase == null) {
                out.add(words.get(at++));
                continue;
            }
            for (int i = 0; i < phrase.written.size(); i++) {
                int to = at + phrase.lengths.get(i);
                double confidence = words.subList(at, to).stream()
                        .mapToDouble(Word::confidence)
                        .min()
                        .orElseThrow();
                out.add(new Word(
                        phrase.written.get(i),
                        words.get(at).start(),
                        words.get(to - 1).end(),
                        confidence));
                at = to;
            }
        }
        return new Hypothesis(out, hypothesis.logProb());
    }

    private Phrase found(List<Word> words, int at) {
        for (Phrase phrase : phrases.getOrDefault(words.get(at).text(), List.of())) {
            int to = at + phrase.spoken.size();
            if (to <= words.size()
                    && words.subList(at, to).stream().map(Word::text).toList().equals(phrase.spoken)) {
                return phrase;
            }
        }
        return null;
    }
}
