package org.omniscribe.asr.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes one channel of several: their mean, or one of them.
 *
 * <p>Where channels cancel each other out, their mean is silence though each has sound. So where the mean has less than a
 * tenth of the energy that channels without a relation would give it, those that are opposite to the loudest are turned; where
 * that does not help, or the mean is 20 dB below the loudest channel, that channel is taken alone. The warnings tell.
 */
final class Mixer {
    /** Below this energy a sample, 80 dB under full scale, nothing is decided. */
    private static final double FLOOR = 1e-8;

    private static final double CANCELLED = 0.1;
    private static final double RECOVERED = 0.3;
    private static final double FAR_BELOW = 0.01;
    /** The energies are those of about so many seconds. */
    private static final double MEMORY_SECONDS = 0.5;

    /** What is done with the channels. */
    private enum Way {
        MEAN,
        TURNED,
        ONE
    }

    private final Input in;
    private final int channels;
    private final int pick;
    private final int rate;
    private final double[] energies;
    private final double[] block;
    private final boolean[] turned;
    private double mixed;
    private double weight;
    private Way way = Way.MEAN;
    private int best;
    private boolean toldTurned;
    private boolean toldOne;

    /**
     * @param pick the only channel that is wanted, or -1 for all of them
     */
    Mixer(Input in, int channels, int pick, int rate) {
        this.in = in;
        this.channels = channels;
        this.pick = pick;
        this.rate = rate;
        energies = new double[channels];
        block = new double[channels];
        turned = new boolean[channels];
    }

    /**
     * Mixes a block.
     *
     * @param seconds where it begins
     */
    void mix(float[] interleaved, int frames, float[] mono, double seconds) {
        if (channels == 1) {
            System.arraycopy(interleaved, 0, mono, 0, frames);
        } else if (pick >= 0) {
            one(interleaved, frames, mono, pick);
        } else {
            mean(interleaved, frames, mono);
            decide(interleaved, frames, mono, seconds);
            if (way == Way.TURNED) {
                turn(interleaved, frames, mono);
            } else if (way == Way.ONE) {
                one(interleaved, frames, mono, best);
            }
        }
    }

    private void one(float[] interleaved, int frames, float[] mono, int channel) {
        for (int i = 0; i < frames; i++) {
            mono[i] = interleaved[i * channels + channel];
        }
    }

    private void mean(float[] interleaved, int frames, float[] mono) {
        for (int i = 0; i < frames; i++) {
            float sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += interleaved[i * channels + c];
            }
            mono[i] = sum / channels;
        }
    }

    private void turn(float[] interleaved, int frames, float[] mono) {
        for (int i = 0; i < frames; i++) {
            float sum = 0;
            for (int c = 0; c < channels; c++) {
                float sample = interleaved[i * channels + c];
                sum += turned[c] ? -sample : sample;
            }
            mono[i] = sum / channels;
        }
    }

    private void decide(float[] interleaved, int frames, float[] mono, double seconds) {
        Arrays.fill(block, 0);
        for (int i = 0; i < frames * channels; i++) {
            block[i % channels] += (double) interleaved[i] * interleaved[i];
        }
        double keep = Math.pow(0.5, frames / (rate * MEMORY_SECONDS));
        mixed = mixed * keep + energy(mono, frames);
        weight = weight * keep + frames;
        double all = 0;
        int loudest = 0;
        for (int c = 0; c < channels; c++) {
            energies[c] = energies[c] * keep + block[c];
            all += energies[c];
            loudest = energies[c] > energies[loudest] ? c : loudest;
        }
        if (energies[loudest] < FLOOR * weight) {
            return;
        }
        double unrelated = all / channels / channels;
        if (mixed > RECOVERED * unrelated && mixed > 3 * FAR_BELOW * energies[loudest]) {
            way = Way.MEAN;
        } else if (mixed < CANCELLED * unrelated || mixed < FAR_BELOW * energies[loudest] || way != Way.MEAN) {
            away(interleaved, frames, mono, loudest, seconds);
        }
    }

    /** Chooses what replaces the mean for this block. */
    private void away(float[] interleaved, int frames, float[] mono, int loudest, double seconds) {
        if (block[loudest] < FLOOR * frames) {
            // A pause: what was done goes on.
            return;
        }
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            double product = 0;
            for (int i = 0; i < frames; i++) {
                product += (double) interleaved[i * channels + c] * interleaved[i * channels + loudest];
            }
            turned[c] = product < -0.5 * Math.sqrt(block[c] * block[loudest]);
            sum += block[c];
        }
        if (turned[0]) {
            // Which of two is the loudest changes from block to block; the sign must not.
            for (int c = 0; c < channels; c++) {
                turned[c] = !turned[c];
            }
        }
        turn(interleaved, frames, mono);
        double after = energy(mono, frames);
        if (after > RECOVERED * sum / channels / channels && after > FAR_BELOW * block[loudest]) {
            way = Way.TURNED;
            if (!toldTurned) {
                toldTurned = true;
                in.warn("from " + Damage.time(seconds) + " on the channels cancel each other out in their mix, so "
                        + names() + " turned (all samples with the other sign)");
            }
        } else {
            way = Way.ONE;
            best = loudest;
            if (!toldOne) {
                toldOne = true;
                in.warn("from " + Damage.time(seconds) + " on the mix of the channels is far quieter than channel "
                        + (best + 1) + ", so that channel is taken alone");
            }
        }
    }

    private String names() {
        List<String> names = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            if (turned[c]) {
                names.add(Integer.toString(c + 1));
            }
        }
        return names.size() == 1 ? "channel " + names.get(0) + " is" : "channels " + String.join(", ", names) + " are";
    }

    private static double energy(float[] samples, int count) {
        double energy = 0;
        for (int i = 0; i < count; i++) {
            energy += (double) samples[i] * samples[i];
        }
        return energy;
    }
}
