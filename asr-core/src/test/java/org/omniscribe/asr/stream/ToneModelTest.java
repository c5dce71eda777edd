package org.omniscribe.asr.stream;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.model.ToneModel;

/** Tests with the model that hears tones as letters, without a fault. */
abstract class ToneModelTest {
    @TempDir
    static Path temp;

    static Recognizer recognizer;

    @BeforeAll
    static void open() {
        Path bundle = temp.resolve("tone.zip");
        ToneModel.write(bundle);
        recognizer = Recognizer.open(bundle);
    }

    @AfterAll
    static void close() {
        recognizer.close();
    }
}
