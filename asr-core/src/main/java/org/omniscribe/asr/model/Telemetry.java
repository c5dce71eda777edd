package org.omniscribe.asr.model;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Locale;

/**
 * Keeps ONNX Runtime from reporting to its maker.
 *
 * <p>From 1.29 on its builds for Linux and macOS send what they run to a server on the internet, and look at the command
 * line for that with expressions that overflow the stack where it is long, which ends the process. Neither happens where
 * {@value #VARIABLE} is 1 in the environment when the library is loaded. Java cannot set a variable of its own process, so
 * the C library does.
 */
final class Telemetry {
    static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

    private static final String OFF = "1";

    private Telemetry() {}

    /**
     * Sets the variable, where the environment does not have it; to be called before ONNX Runtime is loaded. On Windows there
     * is nothing to do, as nothing leaves the machine there.
     *
     * @throws ModelException if it cannot be set; then ONNX Runtime must not be loaded
     */
    static void off() {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        if (windows || OFF.equals(System.getenv(VARIABLE))) {
            return;
        }
        int result;
        try {
            Function setenv = NativeLibrary.getProcess().getFunction("setenv");
            result = setenv.invokeInt(new Object[] {VARIABLE, OFF, 1});
        } catch (LinkageError | RuntimeException e) {
            throw refused(e);
        }
        if (result != 0) {
            throw refused(null);
        }
    }

    /** What the C library has, which {@link System#getenv} does not see. */
    static String value() {
        Function getenv = NativeLibrary.getProcess().getFunction("getenv");
        return getenv.invokeString(new Object[] {VARIABLE}, false);
    }

    private static ModelException refused(Throwable cause) {
        return new ModelException(
                "the reports of ONNX Runtime to its maker cannot be switched off, so it is not loaded"
                        + (cause == null ? "" : " (" + cause.getMessage() + ")") + ". Set " + VARIABLE + "=" + OFF
                        + " in the environment and start again.",
                cause);
    }
}
