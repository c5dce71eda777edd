package org.omniscribe.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.omniscribe.app.command.CommandLines;

/** {@code docs/commands.md} is what the program says of itself. */
class CommandReferenceTest {
    private static final Path FILE = Path.of("..", "docs", "commands.md");

    /** {@code mvn test -pl app -am -Dtest=CommandReferenceTest -Dsurefire.failIfNoSpecifiedTests=false
     * -Domniscribe.reference=write} writes it anew. */
    @Test
    void theReferenceIsWhatTheCommandsSay() throws IOException {
        String text = new CommandReference(CommandLines.create(new OmniscribeCommand())).markdown();
        if ("write".equals(System.getProperty("omniscribe.reference"))) {
            Files.writeString(FILE, text);
        }
        String message = "docs/commands.md is stale; its first lines say how to write it anew";
        assertTrue(Files.exists(FILE), message);
        assertEquals(Files.readString(FILE), text, message);
    }
}
