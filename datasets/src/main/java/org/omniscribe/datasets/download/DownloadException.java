package org.omniscribe.datasets.download;

import org.omniscribe.asr.io.OmniscribeException;

/** A file cannot be downloaded or unpacked; the message says which, why, and what to do next. */
public final class DownloadException extends OmniscribeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong and what to do. */
    public DownloadException(String message) {
        super(Kind.ENVIRONMENT, message);
    }

    /** What went wrong and what to do, with the error below it. */
    public DownloadException(String message, Throwable cause) {
        super(Kind.ENVIRONMENT, message, cause);
    }
}
