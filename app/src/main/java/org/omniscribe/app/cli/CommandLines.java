package org.omniscribe.app.cli;

import java.io.PrintWriter;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.OmniscribeException;
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

    /**
     * Runs a command of another program that behaves in the same way.
     *
     * @param command annotated as a command of picocli's
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(Object command, String... args) {
        return execute(create(command), args);
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
        CommandLine commandLine = create(new OmniscribeCommand());
        commandLine.setExecutionStrategy(parsed -> {
            root(parsed.commandSpec().commandLine()).verbosity().apply();
            return new CommandLine.RunLast().execute(parsed);
        });
        return commandLine;
    }

    private static CommandLine create(Object command) {
        CommandLine commandLine = new CommandLine(command);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setAbbreviatedOptionsAllowed(false);
        commandLine.setParameterExceptionHandler((e, args) -> usage(e));
        commandLine.setExecutionExceptionHandler((e, failed, parsed) -> report(failed, e));
        return commandLine;
    }

    private static int usage(ParameterException e) {
        CommandLine commandLine = e.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println(commandLine.getColorScheme().errorText(program(commandLine) + e.getMessage()));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }

    private static int report(CommandLine commandLine, Throwable failure) {
        PrintWriter err = commandLine.getErr();
        String hint = FailureText.foreseen(failure) ? "" : "; run again with -v to see where it comes from";
        err.println(commandLine.getColorScheme().errorText(program(commandLine) + FailureText.of(failure) + hint));
        boolean traced = commandLine.getCommandSpec().root().userObject() instanceof OmniscribeCommand root
                ? root.verbosity().verbose()
                : !(failure instanceof OmniscribeException);
        if (traced) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCode.of(failure);
    }

    private static String program(CommandLine commandLine) {
        return commandLine.getCommandSpec().root().name() + ": ";
    }

    private static OmniscribeCommand root(CommandLine commandLine) {
        return (OmniscribeCommand) commandLine.getCommandSpec().root().userObject();
    }
}
