package org.omniscribe.eval.experts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.model.Vocabulary;

/**
 * What can be said of the steps of a recording: the letter or phone and its class, speech or silence, the pitch of the voice,
 * and how noisy the recording is.
 *
 * <p>Letters and phones are those of the model's own best path; a step belongs to the one written nearest to it, if that is not
 * further than {@value #REACH} steps away.
 */
public final class SpeechProperties {
    /** Speech or silence: silent is what lies 30 dB below the loud parts (95 % of the steps are below those). */
    public static final Property SILENCE = new Property("silence", List.of("speech", "silence"));

    /** The middle pitch of a recording's voiced steps; 165 Hz parts most men from most women and children. */
    public static final Property VOICE = new Property("voice", List.of("low, below 165 Hz", "high"));

    /** How far the loud parts (95 %) of a recording are above the quiet ones (5 %). */
    public static final Property NOISE =
            new Property("noise", List.of("noisy, below 20 dB", "20 to 35 dB", "clean, above"));

    private static final int REACH = 3;
    private static final double SILENT_BELOW = 30;
    private static final double LOW_VOICE = 165;
    private static final double[] NOISE_BOUNDS = {20, 35};
    private static final String NOTHING = "nothing near";
    private static final String SPACE = "between words";

    private static final Map<String, String> LETTERS = letters();
    private static final Map<String, String> PHONES = phones();

    private final Vocabulary tokens;
    private final Property token;
    private final Property kind;
    private final List<String> kinds;
    private final String[] kindOf;

    /**
     * Properties for a model.
     *
     * @param tokens what it writes; its phones if it has some, else its tokens
     * @param phones whether they are phones
     */
    public SpeechProperties(Vocabulary tokens, boolean phones) {
        this.tokens = tokens;
        Map<String, String> table = phones ? PHONES : LETTERS;
        List<String> names = new ArrayList<>(List.of(NOTHING));
        kindOf = new String[tokens.size()];
        Set<String> seen = new LinkedHashSet<>(List.of(NOTHING));
        for (int i = 1; i < tokens.size(); i++) {
            String name = tokens.token(i);
            boolean space = name.chars().allMatch(c -> c == Vocabulary.WORD_MARK);
            names.add(space ? SPACE : name);
            kindOf[i] = space ? SPACE : table.getOrDefault(key(name), "other");
            seen.add(kindOf[i]);
        }
        kinds = List.copyOf(seen);
        token = new Property(phones ? "phone" : "token", names);
        kind = new Property(phones ? "kind of phone" : "kind of letter", kinds);
    }

    /** The first sound of a piece of several letters stands for it; stress digits of phones do not count. */
    private static String key(String name) {
        String plain = name.replace(String.valueOf(Vocabulary.WORD_MARK), "").toLowerCase(Locale.ROOT);
        return plain.replaceAll("\\d", "");
    }

    /** The letter or phone. */
    public Property token() {
        return token;
    }

    /** Its class. */
    public Property kind() {
        return kind;
    }

    /**
     * The properties of the steps of a recording.
     *
     * @param path the token of each step on the model's best path, 0 for the blank
     * @param samples the sound, mono at 16 kHz
     * @param stepSeconds seconds a step
     */
    public Map<Property, int[]> of(int[] path, float[] samples, double stepSeconds) {
        Map<Property, int[]> properties = new LinkedHashMap<>();
        int[] nearest = nearest(path);
        properties.put(
                kind,
                Arrays.stream(nearest)
                        .map(id -> id == Vocabulary.BLANK_ID ? 0 : kinds.indexOf(kindOf[id]))
                        .toArray());
        properties.put(token, nearest);
        double[] level = levels(samples, path.length, stepSeconds);
        double[] sorted = level.clone();
        Arrays.sort(sorted);
        double loud = sorted.length == 0 ? 0 : sorted[(int) (0.95 * (sorted.length - 1))];
        double quiet = sorted.length == 0 ? 0 : sorted[(int) (0.05 * (sorted.length - 1))];
        properties.put(
                SILENCE,
                Arrays.stream(level)
                        .mapToInt(l -> l < loud - SILENT_BELOW ? 1 : 0)
                        .toArray());
        properties.put(VOICE, constant(path.length, voice(samples)));
        double range = loud - quiet;
        properties.put(NOISE, constant(path.length, range < NOISE_BOUNDS[0] ? 0 : range < NOISE_BOUNDS[1] ? 1 : 2));
        return properties;
    }

    private static int[] constant(int length, int value) {
        int[] values = new int[length];
        Arrays.fill(values, value);
        return values;
    }

    private static int[] nearest(int[] path) {
        int[] nearest = new int[path.length];
        for (int t = 0; t < path.length; t++) {
            for (int away = 0; away <= REACH && nearest[t] == Vocabulary.BLANK_ID; away++) {
                if (t - away >= 0 && path[t - away] != Vocabulary.BLANK_ID) {
                    nearest[t] = path[t - away];
                } else if (t + away < path.length && path[t + away] != Vocabulary.BLANK_ID) {
                    nearest[t] = path[t + away];
                }
            }
        }
        return nearest;
    }

    /** The level of each step in dB; -100 for digital silence. */
    private static double[] levels(float[] samples, int steps, double stepSeconds) {
        double[] levels = new double[steps];
        double length = stepSeconds * AudioClip.SAMPLE_RATE;
        for (int t = 0; t < steps; t++) {
            int from = (int) Math.min(samples.length, Math.round(t * length));
            int to = (int) Math.min(samples.length, Math.round((t + 1) * length));
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += samples[i] * (double) samples[i];
            }
            levels[t] = 10 * Math.log10(Math.max(1e-10, sum / Math.max(1, to - from)));
        }
        return levels;
    }

    /** Low or high, by the median over windows that are clearly periodic; unknown where there are few of them. */
    private static int voice(float[] samples) {
        int window = AudioClip.SAMPLE_RATE / 20;
        int shortest = AudioClip.SAMPLE_RATE / 400;
        int longest = AudioClip.SAMPLE_RATE / 70;
        List<Double> pitches = new ArrayList<>();
        // A window every 100 ms is enough for a median.
        for (int from = 0; from + window + longest < samples.length; from += AudioClip.SAMPLE_RATE / 10) {
            double best = 0;
            int lag = 0;
            for (int l = shortest; l <= longest; l += 2) {
                double correlation = correlation(samples, from, l, window);
                // A period that is twice as long fits as well; the shorter one is meant.
                if (correlation > best + 0.02) {
                    best = correlation;
                    lag = l;
                }
            }
            if (best > 0.7) {
                pitches.add((double) AudioClip.SAMPLE_RATE / lag);
            }
        }
        if (pitches.size() < 3) {
            return Property.UNKNOWN;
        }
        pitches.sort(null);
        return pitches.get(pitches.size() / 2) < LOW_VOICE ? 0 : 1;
    }

    /** Normalised correlation of a window with the one that lies a lag behind it, every other sample. */
    private static double correlation(float[] samples, int from, int lag, int window) {
        double product = 0;
        double first = 1e-9;
        double second = 1e-9;
        for (int i = from; i < from + window; i += 2) {
            product += samples[i] * (double) samples[i + lag];
            first += samples[i] * (double) samples[i];
            second += samples[i + lag] * (double) samples[i + lag];
        }
        return product / Math.sqrt(first * second);
    }

    private static Map<String, String> letters() {
        Map<String, String> kinds = new LinkedHashMap<>();
        put(kinds, "vowels", "a e i o u y");
        put(kinds, "nasals", "m n");
        put(kinds, "stops", "p b t d k g c q");
        put(kinds, "fricatives", "f v s z h x");
        put(kinds, "liquids and glides", "l r w j");
        return kinds;
    }

    /** The phones of the CMU dictionary. */
    private static Map<String, String> phones() {
        Map<String, String> kinds = new LinkedHashMap<>();
        put(kinds, "vowels", "aa ae ah ao aw ax ay eh er ey ih iy ow oy uh uw");
        put(kinds, "nasals", "m n ng");
        put(kinds, "stops", "p b t d k g");
        put(kinds, "fricatives", "f v th dh s z sh zh hh");
        put(kinds, "affricates", "ch jh");
        put(kinds, "liquids and glides", "l r w y");
        return kinds;
    }

    private static void put(Map<String, String> kinds, String kind, String members) {
        for (String member : members.split(" ")) {
            kinds.put(member, kind);
        }
    }
}
