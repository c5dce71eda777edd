package org.omniscribe.app.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.omniscribe.app.batch.BatchException;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.feature.FeatureException;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.eval.run.RunException;
import org.omniscribe.eval.score.ScoreException;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.lm.LanguageModelException;
import org.omniscribe.export.train.RecipeException;
import org.omniscribe.export.train.TrainException;

/** The exit codes of every command, and the one place that says which failure gets which. */
public final class ExitCode {
    /** All that was asked for is done. */
    public static final int DONE = 0;
    /** Some inputs failed; the rest is done. */
    public static final int SOME_FAILED = 1;
    /** The command line, or the recipe that it names, makes no sense. */
    public static final int USAGE = 2;
    /** The model cannot be used, or the machine lacks something: memory, disk, a library. */
    public static final int ENVIRONMENT = 3;

    private ExitCode() {}

    /**
     * The exit code of a failure that ended a command.
     *
     * @param failure what the command threw
     */
    static int of(Throwable failure) {
        if (failure instanceof CommandException e) {
            return e.exitCode();
        }
        if (failure instanceof RecipeException) {
            return USAGE;
        }
        if (failure instanceof AudioException
                || failure instanceof FeatureException
                || failure instanceof DatasetException
                || failure instanceof ScoreException) {
            return SOME_FAILED;
        }
        return ENVIRONMENT;
    }

    /**
     * What the user is told of a failure: one line or a few, without a stack trace.
     *
     * @param failure what the command threw
     */
    public static String message(Throwable failure) {
        if (failure instanceof CommandException
                || failure instanceof BatchException
                || failure instanceof AudioException
                || failure instanceof FeatureException
                || failure instanceof DatasetException
                || failure instanceof ScoreException
                || failure instanceof RunException
                || failure instanceof ModelException
                || failure instanceof CheckpointException
                || failure instanceof TrainException
                || failure instanceof LanguageModelException) {
            return failure.getMessage();
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory (" + failure.getMessage()
                    + "): give the Java machine more, such as JAVA_OPTS=-Xmx6g, or use fewer --threads";
        }
        if (failure instanceof FileSystemException e) {
            return e.getFile() + ": " + reason(e);
        }
        if (failure instanceof IOException && failure.getMessage() != null) {
            return failure.getMessage();
        }
        return "unexpected " + failure + "; run again with -v to see where it comes from";
    }

    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "the right to read or write it is missing";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "is a file, where a folder is needed";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
}
