package org.omniscribe.app;

import org.omniscribe.app.command.CommandLines;
import org.omniscribe.app.life.Life;

/** Where the program starts. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the virtual machine with its {@linkplain org.omniscribe.app.command.ExitCode exit code}. */
    public static void main(String... args) {
        Life.begin();
        Life.exit(CommandLines.run(new OmniscribeCommand(), args));
    }
}
