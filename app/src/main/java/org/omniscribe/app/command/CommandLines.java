package org.omniscribe.app.command;

import java.io.PrintWriter;
import org.omniscribe.app.life.OutputException;
import org.omniscribe.app.life.StandardOutput;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.io.TextFile;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Builds the command line and runs it: results go to standard output, all else to standard error. */
public final class CommandLines {
    private CommandLines() {}

    /**
     * Runs a command.
     *
     * @param command annotated as a command of picocli's
     * @param args the arguments after the program's name
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(Object command, String... args) {
        return execute(create(command).setOut(StandardOutput.ofProcess()), args);
    }

    /**
     * Runs a command line.
     *
     * @param commandLine what {@link #create} made
     * @param args the arguments after the program's name
     * @return the exit code, see {@link ExitCode}
     */
    public static int execute(CommandLine commandLine, String... args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].isEmpty() || args[i].matches("--?[A-Za-z][\\w-]*=")) {
                return empty(commandLine, args, i);
            }
        }
        try {
            int code = commandLine.execute(args);
            // Also what help wrote, which picocli prints by itself.
            commandLine.getOut().flush();
            return code;
        } catch (Error | OutputException e) {
            // picocli hands over exceptions only; a missing native library or lack of memory arrives as an error.
            return report(commandLine, e);
        }
    }

    /**
     * A command line, ready to execute.
     *
     * @param command annotated as a command of picocli's; if it is {@link Verbosity.Chosen}, its level is applied first
     */
    public static CommandLine create(Object command) {
        CommandLine commandLine = new CommandLine(command);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setAbbreviatedOptionsAllowed(false);
        commandLine.setParameterExceptionHandler((e, args) -> usage(e));
        commandLine.setExecutionExceptionHandler((e, failed, parsed) -> report(failed, e));
        if (command instanceof Verbosity.Chosen root) {
            commandLine.setExecutionStrategy(parsed -> {
                root.verbosity().apply();
                return new CommandLine.RunLast().execute(parsed);
            });
        }
        return commandLine;
    }

    /** An empty name is the working folder to Java, which nobody means. */
    private static int empty(CommandLine commandLine, String[] args, int at) {
        String where = !args[at].isEmpty()
                ? "nothing stands behind " + args[at]
                : at == 0 ? "the first argument is empty" : "the argument behind " + args[at - 1] + " is empty";
        commandLine
                .getErr()
                .println(program(commandLine) + TextFile.shown(where) + "; is a variable unset? Nothing was done.");
        commandLine.getErr().flush();
        return ExitCode.USAGE;
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
        boolean traced = commandLine.getCommandSpec().root().userObject() instanceof Verbosity.Chosen root
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
}
