package org.omniscribe.datasets.corpora;

import java.nio.file.Path;
import java.util.List;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.TestPart;

/** The CallHome half of Hub5'00: calls between friends and family, names {@code en_*}. */
final class CallHome implements Corpus {
    private static final int SEGMENTS = 2628;

    @Override
    public String name() {
        return "callhome";
    }

    @Override
    public String title() {
        return "CallHome American English, half of Hub5'00";
    }

    @Override
    public String licence() {
        return Hub5.LICENCE;
    }

    @Override
    public List<String> source() {
        return Hub5.SOURCE;
    }

    @Override
    public String layout() {
        return Hub5.LAYOUT;
    }

    @Override
    public Detection detect(Path folder) {
        return Hub5.detect(folder);
    }

    @Override
    public List<TestPart> read(Path root) {
        return Hub5.read(root, name(), "en_", SEGMENTS);
    }
}
