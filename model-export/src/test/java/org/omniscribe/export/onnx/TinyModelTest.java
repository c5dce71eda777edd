package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.testing.TestResources;

class TinyModelTest {
    /**
     * {@code mvn test -pl model-export -am -Dtest=TinyModelTest -Dsurefire.failIfNoSpecifiedTests=false
     * -Domniscribe.fixture=$PWD/asr-core/src/test/resources/tiny-model.omni} writes it anew.
     */
    @Test
    void theCommittedFixtureIsWhatTheWriterMakes(@TempDir Path folder) throws IOException {
        String fixture = System.getProperty("omniscribe.fixture");
        if (fixture != null) {
            TinyModel.write(Path.of(fixture));
            return;
        }
        Path fresh = folder.resolve("tiny-model.omni");
        TinyModel.write(fresh);
        assertTrue(Files.size(fresh) < 200_000, "the fixture has grown to " + Files.size(fresh) + " bytes");
        assertArrayEquals(
                Files.readAllBytes(fresh),
                Files.readAllBytes(TestResources.tinyModel()),
                "the graph writer has changed: write the fixture anew as the comment above says");
    }
}
