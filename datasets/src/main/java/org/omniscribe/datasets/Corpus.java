package org.omniscribe.datasets;

import java.nio.file.Path;
import java.util.List;
import org.omniscribe.datasets.download.DownloadStep;

/**
 * A corpus in the layout in which its makers distribute it.
 *
 * <p>A class a corpus; {@link org.omniscribe.datasets.corpora.Corpora} lists them.
 */
public interface Corpus {
    /** Short name, in lower case without spaces: {@code librispeech}. */
    String name();

    /** Its full name. */
    String title();

    /** Under what terms it may be used. */
    String licence();

    /** Where it is to be had and how to lay it out, line by line. */
    List<String> source();

    /** The files to fetch and what becomes of them; none if the corpus needs an account or a payment. */
    default List<DownloadStep> downloads() {
        return List.of();
    }

    /** What a folder must hold to be taken for this corpus, in a few words. */
    String layout();

    /** Whether a folder is the root of this corpus; looks at a few names and reads at most a few lines. */
    Detection detect(Path folder);

    /**
     * Reads the official test partition.
     *
     * @param root a folder where the corpus was {@linkplain Detection.Present detected}
     * @return the parts, in the order of reports; utterances are ordered by file, channel and start
     * @throws DatasetException with all faults of the folder
     */
    List<TestPart> read(Path root);
}
