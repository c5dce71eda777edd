package org.omniscribe.datasets.download;

import java.time.Duration;

/** Is told how far a download is, on the thread that downloads. */
public interface DownloadListener {
    /** Listens to nothing. */
    DownloadListener NONE = new DownloadListener() {
        @Override
        public void at(String name, long bytes, long total) {}

        @Override
        public void again(String name, String reason, Duration wait) {}
    };

    /**
     * More of a file is here, or unpacked.
     *
     * @param name what is being fetched or unpacked
     * @param bytes so many bytes are done
     * @param total of so many; {@link RemoteFile#UNKNOWN} if the server does not tell
     */
    void at(String name, long bytes, long total);

    /**
     * The connection failed, and will be tried again.
     *
     * @param name what is being fetched
     * @param reason what happened
     * @param wait after this time
     */
    void again(String name, String reason, Duration wait);
}
