package org.omniscribe.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.omniscribe.app.command.CommandLines;
import picocli.CommandLine;

/**
 * One run of the program, as a user would start it.
 *
 * @param exitCode what it ended with
 * @param out standard output
 * @param err standard error
 */
public record Run(int exitCode, String out, String err) {
    /** Runs it. */
    public static Run of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = CommandLines.create(new OmniscribeCommand());
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = CommandLines.execute(commandLine, args);
        return new Run(exitCode, out.toString(), err.toString());
    }
}
