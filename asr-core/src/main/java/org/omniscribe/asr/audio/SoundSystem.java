package org.omniscribe.asr.audio;

import java.util.List;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.Mixer;

/** The part of Java Sound, and of time, that a {@link Microphone} needs; tests put a system of their own in its place. */
interface SoundSystem {
    /** The machine's own. */
    SoundSystem JAVA = new SoundSystem() {};

    /** The devices that are there now. */
    default List<Mixer.Info> mixers() {
        return List.of(AudioSystem.getMixerInfo());
    }

    /**
     * A device.
     *
     * @throws IllegalArgumentException if it is there no longer
     */
    default Mixer mixer(Mixer.Info info) {
        return AudioSystem.getMixer(info);
    }

    /** As {@link System#nanoTime()}. */
    default long nanoTime() {
        return System.nanoTime();
    }
}
