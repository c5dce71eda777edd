package org.omniscribe.asr.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTextTest {
    private static final class Known extends OmniscribeException {
        Known() {
            super(Kind.INPUT, "a.wav: no sound. Check it");
        }
    }

    @Test
    void aKnownFailureSpeaksForItself() {
        assertEquals("a.wav: no sound. Check it", FailureText.of(new Known()));
        assertEquals(OmniscribeException.Kind.INPUT, new Known().kind());
    }

    @Test
    void failuresOfFilesAreNamedInOrdinaryWords() {
        assertEquals("a: permission denied", FailureText.of(new AccessDeniedException("a")));
        assertEquals("a: there is no such file or folder", FailureText.of(new NoSuchFileException("a")));
        assertEquals(
                "a: there is no such file or folder",
                FailureText.of(new UncheckedIOException(new NoSuchFileException("a"))));
        assertEquals("no room", FailureText.reason(new FileSystemException("a", null, "no room")));
        assertEquals("not UTF-8 text", FailureText.reason(new MalformedInputException(1)));
        assertEquals("it ends too early", FailureText.reason(new EOFException()));
    }

    @Test
    void noReasonNamesAClass() {
        for (IOException failure : List.of(
                new AccessDeniedException("a"),
                new FileSystemException("a"),
                new EOFException(),
                new IOException(),
                new MalformedInputException(3))) {
            assertFalse(FailureText.reason(failure).contains("Exception"), FailureText.reason(failure));
        }
    }
}
