package org.omniscribe.asr.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What a person reads about a failure. */
public final class FailureText {
    private FailureText() {}

    /** A text with control characters as escapes, so that names and contents of files cannot steer a terminal. */
    public static String visible(String text) {
        if (text == null || text.chars().noneMatch(FailureText::steers)) {
            return text;
        }
        StringBuilder visible = new StringBuilder();
        text.chars().forEach(c -> visible.append(steers(c) ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return visible.toString();
    }

    /** Line feeds and tabs are part of the messages of several lines. */
    private static boolean steers(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t';
    }

    /**
     * One line or a few, without a stack trace.
     *
     * @param failure any failure. Classes are named only where it is a fault of this program
     */
    public static String of(Throwable failure) {
        if (failure instanceof OmniscribeException) {
            return failure.getMessage();
        }
        if (failure instanceof UncheckedIOException) {
            return of(failure.getCause());
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
        return "unexpected " + failure;
    }

    /**
     * Whether a failure was foreseen, so that its text says what to do next. Of any other the trace is worth having.
     *
     * @param failure any failure
     */
    public static boolean foreseen(Throwable failure) {
        return failure instanceof OmniscribeException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof OutOfMemoryError;
    }

    /**
     * The reason alone, for a message that names the file itself.
     *
     * @param failure of reading, writing or understanding a file
     */
    public static String reason(Throwable failure) {
        if (failure instanceof UncheckedIOException) {
            return reason(failure.getCause());
        }
        if (failure instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "is a file, where a folder is needed";
        }
        if (failure instanceof NotDirectoryException) {
            return "is not a folder";
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        if (failure instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        if (failure instanceof EOFException) {
            return "it ends too early";
        }
        String reason = failure instanceof FileSystemException e ? e.getReason() : failure.getMessage();
        return reason == null ? "no reason is given" : reason;
    }
}
