package org.omniscribe.app.life;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * Standard output that says so when it cannot be written, on a full disk or to a reader that has left. Every line goes out at
 * once. Thread-safe.
 *
 * <p>A {@link PrintWriter} keeps failures to itself, so results were lost without a word.
 */
public final class StandardOutput extends PrintWriter {
    private final Kept kept;

    /** The first failure, which {@link PrintWriter} does not pass on. */
    private static final class Kept extends Writer {
        private final Writer out;
        private IOException failure;

        Kept(Writer out) {
            this.out = out;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            check();
            try {
                out.write(text, from, length);
            } catch (IOException e) {
                throw keep(e);
            }
        }

        @Override
        public void flush() throws IOException {
            check();
            try {
                out.flush();
            } catch (IOException e) {
                throw keep(e);
            }
        }

        @Override
        public void close() throws IOException {
            flush();
            out.close();
        }

        private IOException keep(IOException e) {
            failure = e;
            return e;
        }

        private void check() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }
    }

    private StandardOutput(Kept kept) {
        super(kept, true);
        this.kept = kept;
    }

    /** That of this process, in the encoding of its terminal or its locale. */
    public static StandardOutput ofProcess() {
        String terminal = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        return to(
                new FileOutputStream(FileDescriptor.out),
                terminal == null ? Charset.defaultCharset() : Charset.forName(terminal));
    }

    /** Writes elsewhere. */
    static StandardOutput to(OutputStream out, Charset encoding) {
        return new StandardOutput(new Kept(new OutputStreamWriter(out, encoding)));
    }

    /**
     * Writes out what is still held back.
     *
     * @throws OutputException if any of the output since the beginning could not be written
     */
    @Override
    public void flush() {
        super.flush();
        throwFailure();
    }

    @Override
    public void write(int character) {
        super.write(character);
        throwFailure();
    }

    @Override
    public void write(char[] text, int from, int length) {
        super.write(text, from, length);
        throwFailure();
    }

    @Override
    public void write(String text, int from, int length) {
        super.write(text, from, length);
        throwFailure();
    }

    @Override
    public void println() {
        super.println();
        throwFailure();
    }

    @Override
    public PrintWriter format(String format, Object... args) {
        super.format(format, args);
        throwFailure();
        return this;
    }

    @Override
    public PrintWriter format(Locale locale, String format, Object... args) {
        super.format(locale, format, args);
        throwFailure();
        return this;
    }

    private void throwFailure() {
        synchronized (lock) {
            if (kept.failure != null) {
                throw new OutputException(kept.failure);
            }
        }
    }
}
