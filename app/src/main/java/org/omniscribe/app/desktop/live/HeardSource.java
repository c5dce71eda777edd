package org.omniscribe.app.desktop.live;

import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.asr.audio.AudioFeed;
import org.omniscribe.asr.audio.AudioSource;

/**
 * A source whose sound is drawn as it passes.
 *
 * @param source where the sound comes from
 * @param timeline gets it
 */
record HeardSource(AudioSource source, Timeline timeline) implements AudioSource {
    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean live() {
        return source.live();
    }

    @Override
    public AudioFeed open() {
        AudioFeed feed = source.open();
        return new AudioFeed() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                int count = feed.read(buffer, offset, length);
                if (count > 0) {
                    timeline.addSound(buffer, offset, count);
                }
                return count;
            }

            @Override
            public void close() {
                feed.close();
            }
        };
    }
}
