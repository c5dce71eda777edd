package org.omniscribe.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Builds the command line and runs it: results go to standard output, all else to standard error. */
public final class CommandLines {
    private CommandLines() {}

    /**
     * Runs one command.
     *
     * @param args the arguments after the program's name
     * @return the exit code, see {@link ExitCode}
     */
    public static int execute(String... args) {
        return execute(create(), args);
    }

    static int execute(CommandLine commandLine, String... args) {
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            // picocli hands over exceptions only; a missing native library or lack of memory arrives as an error.
            return report(commandLine, e);
        }
    }

    /** The command line of the program, ready to execute. */
    static CommandLine create() {
        CommandLine commandLine = new CommandLine(new OmniscribeCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setAbbreviatedOptionsAllowed(false);
        commandLine.setParameterExceptionHandler((e, args) -> usage(e));
        commandLine.setExecutionExceptionHandler((e, failed, parsed) -> report(failed, e));
        commandLine.setExecutionStrategy(parsed -> {
            root(parsed.commandSpec().commandLine()).verbosity().apply();
            return new CommandLine.RunLast().execute(parsed);
        });
        return commandLine;
    }

    private static int usage(ParameterException e) {
        CommandLine commandLine = e.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println(commandLine.getColorScheme().errorText("omniscribe: " + e.getMessage()));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }

    private static int report(CommandLine commandLine, Throwable failure) {
        PrintWriter err = commandLine.getErr();
        err.println(commandLine.getColorScheme().errorText("omniscribe: " + ExitCode.message(failure)));
        if (root(commandLine).verbosity().verbose()) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.of(failure);
    }

    private static OmniscribeCommand root(CommandLine commandLine) {
        return (OmniscribeCommand) commandLine.getCommandSpec().root().userObject();
    }
}
