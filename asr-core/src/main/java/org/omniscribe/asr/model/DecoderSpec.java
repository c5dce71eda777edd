package org.omniscribe.asr.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The attention decoder of an encoder-decoder model such as Whisper: its shape, and the tokens that have a meaning of
 * their own. Pre-norm layers of causal self-attention, cross-attention to the encoder's output and a GELU MLP; learned
 * positions; the token embedding is also the output projection.
 *
 * @param layers decoder layers, at least 1
 * @param width model width; equals the encoder's
 * @param heads attention heads; divides {@code width}
 * @param mlpWidth inner width of the MLP
 * @param vocabulary output tokens, special ones included
 * @param maxTokens tokens of the longest text, prompt included
 * @param alignmentHeads heads of cross-attention that follow the audio, as {layer, head}; may be empty
 * @param start id of the token that a text starts with
 * @param end id of the token that ends it
 * @param languages id of each language's token, by its code such as "en"; empty for a model of one language
 * @param transcribe id of the token that asks for a transcript
 * @param translate id of the token that asks for a translation into English
 * @param noSpeech id of the token whose probability after {@code start} is that of no speech
 * @param noTimestamps id of the token that asks for no timestamps
 * @param previous id of the token before text that came before
 * @param firstTimestamp id of the timestamp 0.00 s; all ids from here on are timestamps, 0.02 s apart
 * @param suppress ids that are never written
 * @param suppressAtStart ids that are not written as the first token
 */
public record DecoderSpec(
        int layers,
        int width,
        int heads,
        int mlpWidth,
        int vocabulary,
        int maxTokens,
        List<List<Integer>> alignmentHeads,
        int start,
        int end,
        Map<String, Integer> languages,
        int transcribe,
        int translate,
        int noSpeech,
        int noTimestamps,
        int previous,
        int firstTimestamp,
        List<Integer> suppress,
        List<Integer> suppressAtStart) {

    /** Copies the collections, checks all fields and reports every fault at once. */
    public DecoderSpec {
        alignmentHeads = alignmentHeads.stream().map(List::copyOf).toList();
        languages = Collections.unmodifiableMap(new TreeMap<>(languages));
        suppress = List.copyOf(suppress);
        suppressAtStart = List.copyOf(suppressAtStart);
        List<String> faults = new ArrayList<>();
        positive(faults, "layers", layers);
        positive(faults, "width", width);
        positive(faults, "heads", heads);
        positive(faults, "mlpWidth", mlpWidth);
        positive(faults, "vocabulary", vocabulary);
        positive(faults, "maxTokens", maxTokens);
        if (heads > 0 && width % heads != 0) {
            faults.add("width " + width + " is not a multiple of heads " + heads);
        }
        for (List<Integer> head : alignmentHeads) {
            if (head.size() != 2 || outside(head.get(0), layers) || outside(head.get(1), heads)) {
                faults.add("alignmentHeads holds " + head + ", which is no [layer, head] of " + layers
                        + " layers with " + heads + " heads");
            }
        }
        int size = vocabulary;
        Map<String, Integer> special = new TreeMap<>(Map.of(
                "start", start,
                "end", end,
                "transcribe", transcribe,
                "translate", translate,
                "noSpeech", noSpeech,
                "noTimestamps", noTimestamps,
                "previous", previous));
        languages.forEach((language, id) -> special.put("languages." + language, id));
        suppress.forEach(id -> special.put("suppress " + id, id));
        suppressAtStart.forEach(id -> special.put("suppressAtStart " + id, id));
        special.forEach((name, id) -> {
            if (outside(id, size)) {
                faults.add(name + " is not one of the " + size + " tokens: " + id);
            }
        });
        if (firstTimestamp < 0 || firstTimestamp > vocabulary) {
            faults.add("firstTimestamp must be from 0 to vocabulary " + vocabulary + ", not " + firstTimestamp);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void positive(List<String> faults, String name, int value) {
        if (value < 1) {
            faults.add(name + " must be positive, not " + value);
        }
    }

    private static boolean outside(int index, int size) {
        return index < 0 || index >= size;
    }

    /** Width of one attention head. */
    public int headWidth() {
        return width / heads;
    }
}
