package org.omniscribe.app.desktop.base;

import org.omniscribe.asr.io.OmniscribeException;

/** Something that was asked for in the window cannot be done; the message is shown there. */
public final class DeskException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure of the window.
     *
     * @param message in the window's language
     */
    public DeskException(String message) {
        super(Kind.ENVIRONMENT, message);
    }
}
