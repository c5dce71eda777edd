package org.omniscribe.asr.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.omniscribe.asr.io.Faults;

/**
 * Shape and tokens of a decoder that reads an encoder's output by attention, as Whisper's does (Radford et al. 2022). A
 * token that a model does not have is {@value #NONE}.
 *
 * @param layers decoder layers, 1 to 256
 * @param width numbers a step of the encoder's output and of the decoder, a multiple of {@code heads}
 * @param heads attention heads a layer
 * @param mlpWidth width of the feed-forward blocks
 * @param vocabulary tokens, the special ones included
 * @param maxTokens most tokens that the decoder can hold, prompt included
 * @param alignmentHeads {@code [layer, head]} of the cross-attention heads that follow the speech; empty where none is known
 * @param start begins every text
 * @param end ends every text
 * @param languages token of each language, by its code; empty for a model of English only
 * @param transcribe asks for the words as they are spoken; {@value #NONE} for a model of English only
 * @param translate asks for a translation into English; {@value #NONE} where the model cannot
 * @param noSpeech stands for a window without speech
 * @param noTimestamps asks for no time tokens
 * @param previous begins the text before the window
 * @param firstTimestamp the first of the time tokens, which are the last tokens of the vocabulary
 * @param suppress tokens that are never written
 * @param suppressAtStart tokens that are not written first
 */
public record AttentionSpec(
        int layers,
        int width,
        int heads,
        int mlpWidth,
        int vocabulary,
        int maxTokens,
        List<List<Integer>> alignmentHeads,
        int start,
        int end,
        SortedMap<String, Integer> languages,
        int transcribe,
        int translate,
        int noSpeech,
        int noTimestamps,
        int previous,
        int firstTimestamp,
        List<Integer> suppress,
        List<Integer> suppressAtStart) {
    /** Stands for a token that the model does not have. */
    public static final int NONE = -1;

    private static final int MAX_SIZE = 1 << 20;

    /** Checks all fields and reports every fault at once. */
    public AttentionSpec {
        alignmentHeads = alignmentHeads.stream().map(List::copyOf).toList();
        languages = Collections.unmodifiableSortedMap(new TreeMap<>(languages));
        suppress = List.copyOf(suppress);
        suppressAtStart = List.copyOf(suppressAtStart);
        Faults faults = new Faults();
        faults.range("layers", layers, 1, 256);
        faults.range("width", width, 1, MAX_SIZE);
        faults.range("heads", heads, 1, MAX_SIZE);
        faults.range("mlpWidth", mlpWidth, 1, MAX_SIZE);
        faults.range("vocabulary", vocabulary, 2, 1 << 24);
        faults.range("maxTokens", maxTokens, 8, MAX_SIZE);
        if (heads > 0 && width % heads != 0) {
            faults.add("width " + width + " is no multiple of the " + heads + " heads");
        }
        for (List<Integer> head : alignmentHeads) {
            if (head.size() != 2
                    || head.get(0) < 0
                    || head.get(0) >= layers
                    || head.get(1) < 0
                    || head.get(1) >= heads) {
                faults.add("alignmentHeads: " + head + " is not a layer and a head of " + layers + " layers with "
                        + heads + " heads");
            }
        }
        token(faults, "start", start, 0, vocabulary);
        token(faults, "end", end, 0, vocabulary);
        int least = languages.isEmpty() ? NONE : 0;
        token(faults, "transcribe", transcribe, least, vocabulary);
        token(faults, "translate", translate, NONE, vocabulary);
        token(faults, "noSpeech", noSpeech, NONE, vocabulary);
        token(faults, "noTimestamps", noTimestamps, NONE, vocabulary);
        token(faults, "previous", previous, NONE, vocabulary);
        token(faults, "firstTimestamp", firstTimestamp, NONE, vocabulary);
        for (SortedMap.Entry<String, Integer> language : languages.entrySet()) {
            token(faults, "languages." + language.getKey(), language.getValue(), 0, vocabulary);
        }
        for (int token : suppress) {
            token(faults, "suppress", token, 0, vocabulary);
        }
        for (int token : suppressAtStart) {
            token(faults, "suppressAtStart", token, 0, vocabulary);
        }
        if (suppress.contains(end)) {
            faults.add("suppress holds the end " + end + ", so no text could end");
        }
        faults.orThrow("attention");
    }

    private static void token(Faults faults, String name, int token, int least, int vocabulary) {
        if (token < least || token >= vocabulary) {
            faults.add(name + " " + token + " is not one of the " + vocabulary + " tokens");
        }
    }

    /** Whether the model writes several languages. */
    public boolean multilingual() {
        return !languages.isEmpty();
    }

    /** Width of one head. */
    public int headWidth() {
        return width / heads;
    }
}
