package org.omniscribe.asr.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryNameTest {
    @TempDir
    Path folder;

    @Test
    void ordinaryNamesAreKept() {
        Path file = folder.resolve("a b.txt");
        assertEquals(folder.resolve(".a b.txt.part"), TemporaryName.hidden(file));
        assertEquals(folder.resolve(".a b.txt.12.part"), TemporaryName.hidden(file, "12"));
        assertEquals(folder.resolve("a b.txt.part"), TemporaryName.visible(file));
        assertTrue(TemporaryName.matches(TemporaryName.hidden(file)));
    }

    @Test
    void noNameIsLongerThanTheFileSystemAllows() throws IOException {
        for (String letter : List.of("l", "\u00e9", "\u8a9e", "\ud83c\udf99")) {
            int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
            String longest = letter.repeat(255 / bytes);
            Path file = folder.resolve(longest);
            for (Path part : List.of(
                    TemporaryName.hidden(file), TemporaryName.hidden(file, "4194304"), TemporaryName.visible(file))) {
                String name = part.getFileName().toString();
                assertTrue(name.getBytes(StandardCharsets.UTF_8).length <= 255, name);
                assertTrue(TemporaryName.matches(part), name);
                Files.writeString(part, "whole");
            }
            AtomicFile.write(file, out -> out.write(letter));
            assertEquals(letter, Files.readString(file));
        }
    }

    @Test
    void longNamesThatBeginAlikeStayApart() {
        Path one = folder.resolve("l".repeat(250) + "1.txt");
        Path other = folder.resolve("l".repeat(250) + "2.txt");
        assertNotEquals(TemporaryName.hidden(one), TemporaryName.hidden(other));
        assertEquals(TemporaryName.hidden(one), TemporaryName.hidden(one));
    }
}
