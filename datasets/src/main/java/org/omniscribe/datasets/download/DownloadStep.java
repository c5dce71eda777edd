package org.omniscribe.datasets.download;

import java.util.List;

/** One file of a corpus, and what becomes of it. */
public sealed interface DownloadStep {
    /** The file. */
    RemoteFile file();

    /**
     * It is kept as it is.
     *
     * @param path where, in the folder of all corpora
     */
    record Keep(RemoteFile file, String path) implements DownloadStep {}

    /**
     * It is an archive.
     *
     * @param rules what of it goes where, in the folder of all corpora
     */
    record Unpack(RemoteFile file, List<Unpacker.Rule> rules) implements DownloadStep {
        /** Copies the rules. */
        public Unpack {
            rules = List.copyOf(rules);
        }

        /** One rule: {@code entry} matches names, {@code path} is where they go. */
        public Unpack(RemoteFile file, String entry, String path) {
            this(file, List.of(new Unpacker.Rule(entry, path)));
        }
    }
}
