package org.omniscribe.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static String told(int columns) {
        StringWriter err = new StringWriter();
        try (Progress progress = new Progress(new PrintWriter(err), columns, 2, 180)) {
            progress.begin();
            progress.at(30);
            progress.end(60);
            progress.begin();
            progress.line("a line");
            progress.end(120);
            assertEquals(180, progress.finished());
        }
        return err.toString();
    }

    @Test
    void offATerminalThereAreOnlyLines() {
        assertEquals("a line" + System.lineSeparator(), told(0));
    }

    @Test
    void onATerminalABarTellsFilesMinutesAndSpeedAndIsGoneAtTheEnd() {
        String told = told(120);
        assertTrue(told.contains("a line" + System.lineSeparator()), told);
        assertTrue(told.contains("3/3 min"), told);
        assertTrue(told.contains("file 2 of 2"), told);
        assertTrue(told.contains("x real time"), told);
        assertTrue(told.endsWith("\r\u001b[K"), told);
        assertTrue(told.lines().allMatch(line -> line.length() < 10 * 120), told);
    }

    @Test
    void speedIsAudioTimeOverWallClockTime() {
        assertEquals("120 x real time", Progress.speed(60, 0.5));
    }
}
