package org.omniscribe.export.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.omniscribe.asr.testing.WavFile;

/** A corpus in a made-up language: each letter of "abcd" is a tone of its own. */
final class Tones {
    private Tones() {}

    /** Writes twelve recordings of 0.9 to 1.5 s and {@code manifest.tsv}. */
    static void write(Path folder) throws IOException {
        Random random = new Random(1);
        StringBuilder manifest = new StringBuilder();
        for (int u = 0; u < 12; u++) {
            StringBuilder text = new StringBuilder();
            int letters = 3 + random.nextInt(3);
            short[] pcm = new short[letters * 4800];
            for (int l = 0; l < letters; l++) {
                int letter = random.nextInt(4);
                text.append((char) ('a' + letter));
                for (int i = 0; i < 4800; i++) {
                    // A fade at both ends parts equal neighbours.
                    double value = 8000
                            * Math.sin(2 * Math.PI * (400 + 600 * letter) * i / 16000)
                            * Math.sin(Math.PI * i / 4800);
                    int sample = (int) value + random.nextInt(200);
                    pcm[l * 4800 + i] = (short) sample;
                }
            }
            WavFile.write(folder.resolve(u + ".wav"), pcm.length, i -> pcm[i]);
            manifest.append(u + ".wav\t" + letters * 0.3 + "\tspeaker\t" + text + "\n");
        }
        Files.writeString(folder.resolve("manifest.tsv"), manifest);
    }
}
