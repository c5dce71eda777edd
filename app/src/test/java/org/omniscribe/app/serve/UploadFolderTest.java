package org.omniscribe.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads go with their server, and with the next one where it was killed. */
class UploadFolderTest {
    @TempDir
    Path temporary;

    @Test
    void whatKilledServersLeftIsRemovedAndWhatIsInUseIsNot() throws IOException {
        Path killed = Files.createDirectory(temporary.resolve("omniscribe-uploads1"));
        Files.createFile(killed.resolve(".lock"));
        Files.createFile(killed.resolve("upload1.sound"));
        Path old = Files.createDirectory(temporary.resolve("omniscribe-uploads2"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Path young = Files.createDirectory(temporary.resolve("omniscribe-uploads3"));
        Path foreign = Files.createDirectory(temporary.resolve("something"));
        try (UploadFolder running = UploadFolder.create(temporary);
                UploadFolder other = UploadFolder.create(temporary)) {
            assertFalse(Files.exists(killed));
            assertFalse(Files.exists(old));
            assertTrue(Files.exists(young), "a server that is just starting");
            assertTrue(Files.exists(foreign));
            assertTrue(Files.exists(running.path()), "the lock is held");
            Files.createFile(other.path().resolve("upload2.sound"));
        }
        try (var left = Files.list(temporary)) {
            assertEquals(2, left.count(), "both folders are gone");
        }
    }

    @Test
    void aMissingFolderForTemporaryFilesIsToldWithItsRemedy() {
        IOException e = assertThrows(IOException.class, () -> UploadFolder.create(temporary.resolve("missing")));
        assertTrue(e.getMessage().contains("java.io.tmpdir"), e.getMessage());
    }
}
