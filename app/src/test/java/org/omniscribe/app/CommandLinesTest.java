package org.omniscribe.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.CommandLines;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Verbosity;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

class CommandLinesTest {
    @Command(name = "fail")
    static final class Failing implements Runnable {
        private final Throwable failure;

        Failing(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public void run() {
            if (failure instanceof Error e) {
                throw e;
            }
            throw (RuntimeException) failure;
        }
    }

    private static Run failing(Throwable failure, String... args) {
        StringWriter err = new StringWriter();
        CommandLine commandLine = CommandLines.create(new OmniscribeCommand()).addSubcommand(new Failing(failure));
        commandLine.setErr(new PrintWriter(err, true)).setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        return new Run(CommandLines.execute(commandLine, args), "", err.toString());
    }

    @Test
    void versionIsTheBuildsOwn() {
        Run run = Run.of("--version");
        assertEquals(ExitCode.DONE, run.exitCode());
        assertTrue(run.out().matches("(?s)omniscribe \\d+\\.\\d+\\.\\d+\\S*\\R.*"), run.out());
    }

    @Test
    void wrongUsageIsTwoAndSaysWhereHelpIs() {
        for (String[] args : new String[][] {{}, {"nonsense"}, {"--nonsense"}}) {
            Run run = Run.of(args);
            assertEquals(ExitCode.USAGE, run.exitCode());
            assertEquals("", run.out());
            assertTrue(run.err().contains("omniscribe --help"), run.err());
        }
    }

    @Test
    void aCommandsFailureKeepsItsCodeAndItsMessage() {
        Run run = failing(new CommandException(Kind.INPUT, "two of three failed"), "fail");
        assertEquals(ExitCode.SOME_FAILED, run.exitCode());
        assertEquals("omniscribe: two of three failed" + System.lineSeparator(), run.err());
    }

    @Test
    void errorsOfTheMachineAreThreeWithoutAStackTrace() {
        Run run = failing(new UnsatisfiedLinkError("no onnx in path"), "fail");
        assertEquals(ExitCode.ENVIRONMENT, run.exitCode());
        assertTrue(run.err().contains("no onnx in path"), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
    }

    @AfterEach
    void quiet() {
        Verbosity.PROPERTIES.forEach(System::clearProperty);
    }

    @Test
    void verboseSetsTheLevelOfTheLogger() {
        for (String property : Verbosity.PROPERTIES) {
            quiet();
            assertEquals(ExitCode.DONE, Run.of("help").exitCode());
            assertNull(System.getProperty(property));
            assertEquals(ExitCode.DONE, Run.of("-v", "help").exitCode());
            assertEquals("info", System.getProperty(property));
            assertEquals(ExitCode.DONE, Run.of("-vv", "help").exitCode());
            assertEquals("debug", System.getProperty(property));
        }
    }

    @Test
    void verboseShowsTheStackTraceBeforeAndAfterTheCommand() {
        IllegalStateException failure = new IllegalStateException("odd");
        assertTrue(failing(failure, "-v", "fail").err().contains("\tat "));
        assertTrue(failing(failure, "fail", "-v").err().contains("\tat "));
    }

    @Test
    void everyCommandAndOptionIsDescribed() {
        assertDescribed(CommandLines.create(new OmniscribeCommand()));
    }

    private static void assertDescribed(CommandLine commandLine) {
        String name = commandLine.getCommandSpec().qualifiedName();
        assertTrue(commandLine.getCommandSpec().usageMessage().description().length > 0, name);
        for (OptionSpec option : commandLine.getCommandSpec().options()) {
            assertTrue(option.description().length > 0, name + " " + option.longestName());
        }
        commandLine.getSubcommands().values().forEach(CommandLinesTest::assertDescribed);
    }

    @Test
    void completionScriptKnowsTheCommands() {
        Run run = Run.of("generate-completion");
        assertEquals(ExitCode.DONE, run.exitCode());
        for (String command :
                CommandLines.create(new OmniscribeCommand()).getSubcommands().keySet()) {
            assertTrue(run.out().contains(command), command);
        }
    }
}
