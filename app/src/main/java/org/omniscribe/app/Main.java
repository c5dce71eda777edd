package org.omniscribe.app;

import org.omniscribe.app.cli.CommandLines;

/** Where the program starts. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the virtual machine with its {@linkplain org.omniscribe.app.cli.ExitCode exit code}. */
    public static void main(String... args) {
        System.exit(CommandLines.execute(args));
    }
}
