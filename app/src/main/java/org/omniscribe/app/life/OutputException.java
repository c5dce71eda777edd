package org.omniscribe.app.life;

import java.io.IOException;
import org.omniscribe.asr.io.OmniscribeException;

/** Standard output cannot be written; the message says why and what to do next. */
public final class OutputException extends OmniscribeException {
    /**
     * Makes one.
     *
     * @param cause what the system said
     */
    OutputException(IOException cause) {
        super(Kind.ENVIRONMENT, message(cause), cause);
    }

    private static String message(IOException cause) {
        String reason = String.valueOf(cause.getMessage());
        if (reason.contains("Broken pipe") || reason.contains("pipe is being closed")) {
            return "whoever reads standard output has left, so nothing more is done; what went to files is kept";
        }
        return "standard output cannot be written (" + reason
                + "), so part of the result is lost; what went to files is kept. Make room, or send the output elsewhere,"
                + " and start again";
    }
}
