package org.omniscribe.eval.experts;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.model.Vocabulary;

/**
 * The most typical sounds of every expert: the stretches on which it stays longest and surest, at most one a recording. Not
 * thread-safe.
 */
public final class Snippets {
    /** Sound before and behind the middle of a stretch, in seconds. */
    private static final double REACH = 0.4;

    private final double stepSeconds;
    private final int each;
    private final List<List<List<Snippet>>> best = new ArrayList<>();

    /**
     * A sound.
     *
     * @param recording what it is from
     * @param start where the stretch begins in the recording, in seconds
     * @param end where it ends
     * @param text what the model writes in it
     * @param weight the sum of the expert's probabilities over the stretch
     * @param samples the sound around the middle of the stretch
     */
    public record Snippet(String recording, double start, double end, String text, double weight, float[] samples) {
        /** The sound as a data URI of a WAV file: 16 bits, mono, 16 kHz. */
        public String uri() {
            byte[] pcm = new byte[2 * samples.length];
            for (int i = 0; i < samples.length; i++) {
                int value = Math.round(Math.max(-1, Math.min(1, samples[i])) * Short.MAX_VALUE);
                pcm[2 * i] = (byte) value;
                pcm[2 * i + 1] = (byte) (value >> 8);
            }
            AudioFormat format = new AudioFormat(AudioClip.SAMPLE_RATE, 16, 1, true, false);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (AudioInputStream in = new AudioInputStream(new ByteArrayInputStream(pcm), format, samples.length)) {
                AudioSystem.write(in, AudioFileFormat.Type.WAVE, out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return "data:audio/wav;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
        }
    }

    Snippets(List<Integer> experts, double stepSeconds, int each) {
        this.stepSeconds = stepSeconds;
        this.each = each;
        for (int number : experts) {
            List<List<Snippet>> layer = new ArrayList<>();
            for (int e = 0; e < number; e++) {
                layer.add(new ArrayList<>());
            }
            best.add(layer);
        }
    }

    /** The sounds of an expert, the most typical first. */
    public List<Snippet> of(int layer, int expert) {
        return List.copyOf(best.get(layer).get(expert));
    }

    void add(Heard heard) {
        for (int layer = 0; layer < best.size() && each > 0; layer++) {
            int[] sequence = heard.routing().expert()[layer];
            float[] gates = heard.routing().probability()[layer];
            Snippet[] longest = new Snippet[best.get(layer).size()];
            for (int from = 0, to; from < sequence.length; from = to) {
                double weight = 0;
                for (to = from; to < sequence.length && sequence[to] == sequence[from]; to++) {
                    weight += gates[to];
                }
                int expert = sequence[from];
                if (longest[expert] == null || weight > longest[expert].weight()) {
                    longest[expert] = new Snippet(
                            heard.name(),
                            heard.start() + from * stepSeconds,
                            heard.start() + to * stepSeconds,
                            String.join("", Arrays.copyOfRange(heard.text(), from, to))
                                    .replace(Vocabulary.WORD_MARK, ' '),
                            weight,
                            null);
                }
            }
            for (int expert = 0; expert < longest.length; expert++) {
                offer(best.get(layer).get(expert), longest[expert], heard);
            }
        }
    }

    private void offer(List<Snippet> list, Snippet snippet, Heard heard) {
        if (snippet == null || list.size() == each && list.get(each - 1).weight() >= snippet.weight()) {
            return;
        }
        double middle = (snippet.start() + snippet.end()) / 2 - heard.start();
        int from = (int) Math.max(0, (middle - REACH) * AudioClip.SAMPLE_RATE);
        int to = (int) Math.min(heard.samples().length, (middle + REACH) * AudioClip.SAMPLE_RATE);
        if (from >= to) {
            return;
        }
        list.add(new Snippet(
                snippet.recording(),
                snippet.start(),
                snippet.end(),
                snippet.text(),
                snippet.weight(),
                Arrays.copyOfRange(heard.samples(), from, to)));
        list.sort(Comparator.comparingDouble(Snippet::weight).reversed());
        if (list.size() > each) {
            list.remove(each);
        }
    }
}
