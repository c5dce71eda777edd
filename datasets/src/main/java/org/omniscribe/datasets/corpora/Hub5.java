package org.omniscribe.datasets.corpora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.NistReferences;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;

/**
 * The Hub5 evaluation of 2000, of which Switchboard and CallHome are halves: SPHERE with a speaker on either channel, STM,
 * GLM, and PEM with the segments' times.
 *
 * <p>An utterance's text is one plain reading, so that any normaliser can be used: optional words in parentheses, such as
 * fragments, and hesitations are left out, and of alternatives the first is taken. The choices of the STM and the rules of
 * the GLM are in {@link TestPart#nist()}.
 */
final class Hub5 implements Corpus {
    /** Calls between friends and family. */
    static final Hub5 CALL_HOME = new Hub5("callhome", "CallHome American English, half of Hub5'00", "en_", 2628);
    /** Calls between strangers on a given topic. */
    static final Hub5 SWITCHBOARD = new Hub5("switchboard", "Switchboard, half of Hub5'00", "sw_", 1831);

    /** The terms of all corpora of the Linguistic Data Consortium. */
    static final String LICENCE = "LDC User Agreement, paid";

    private static final String STM = "hub5e00.english.000405.stm";
    private static final String GLM = "en20000405_hub5.glm";
    private static final String PEM = "hub5e_00.pem";
    private static final String RELEASE = "Hub5'00";
    /** Conversations in either half. */
    private static final int CONVERSATIONS = 20;

    private final String name;
    private final String title;
    private final String prefix;
    private final int segments;

    /**
     * One half.
     *
     * @param prefix of its conversations' names
     * @param segments how many it has
     */
    private Hub5(String name, String title, String prefix, int segments) {
        this.name = name;
        this.title = title;
        this.prefix = prefix;
        this.segments = segments;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String licence() {
        return LICENCE;
    }

    @Override
    public List<String> source() {
        return List.of(
                "https://catalog.ldc.upenn.edu/LDC2002S09 (speech) and https://catalog.ldc.upenn.edu/LDC2002T43 (transcripts)",
                "Lay both in one folder: LDC2002S09/hub5e_00/english/*.sph and",
                "LDC2002T43/reference/hub5e00.english.000405.stm with en20000405_hub5.glm.");
    }

    @Override
    public String layout() {
        return "folder hub5e_00/english with *.sph, with or without LDC2002S09 above it";
    }

    @Override
    public Detection detect(Path folder) {
        Optional<Path> speech = speech(folder);
        Optional<Path> text = text(folder);
        if (speech.isEmpty() && text.isEmpty()) {
            return new Detection.Absent();
        }
        if (speech.isEmpty()) {
            return new Detection.Incomplete(
                    "transcripts in " + text.get() + ", but no hub5e_00/english (LDC2002S09) in " + folder);
        }
        if (text.isEmpty()) {
            return new Detection.Incomplete(
                    "speech in " + speech.get() + ", but no reference/" + STM + " (LDC2002T43) in " + folder);
        }
        return new Detection.Present(folder, RELEASE);
    }

    private static Optional<Path> speech(Path root) {
        return Folders.folder(root, "LDC2002S09/hub5e_00/english", "hub5e_00/english", "LDC2002S09/english");
    }

    private static Optional<Path> text(Path root) {
        return Folders.file(
                        root,
                        "LDC2002T43/reference/" + STM,
                        "LDC2002T43/2000_hub5_eng_eval_tr/reference/" + STM,
                        "2000_hub5_eng_eval_tr/reference/" + STM,
                        "reference/" + STM)
                .map(Path::getParent);
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        Path speech = speech(root).orElse(root);
        Path reference = text(root).orElse(root);
        Set<String> timed = timed(speech.resolve(PEM), problems);
        Set<String> conversations = new TreeSet<>();
        List<Utterance> utterances = new ArrayList<>();
        Map<String, String> choices = new HashMap<>();
        List<String> untimed = new ArrayList<>();
        for (Stm.Line line : Stm.read(reference.resolve(STM), problems)) {
            if (!line.file().toLowerCase(Locale.ROOT).startsWith(prefix)) {
                continue;
            }
            if (!line.channel().matches("[ABab]")) {
                problems.fault(line.place() + ": channel must be A or B, not \"" + line.channel() + "\"");
                continue;
            }
            int channel = line.channel().equalsIgnoreCase("A") ? 0 : 1;
            String side = line.file() + "-" + line.channel().toUpperCase(Locale.ROOT);
            String id = side + "_" + line.id("", 6).substring(1);
            Path audio = problems.inside(speech, line.file() + ".sph", line.place());
            if (!timed.isEmpty() && !timed.contains(id)) {
                untimed.add(id);
            }
            if (audio != null && problems.isNew(id, line.place()) && problems.isThere(audio)) {
                conversations.add(line.file());
                choices.put(id, mended(line.text()));
                utterances.add(new Utterance(
                        id, audio, line.start(), line.end(), channel, line.speaker(), clean(line.text())));
            }
        }
        problems.warnOf("segments of the STM that are not in " + PEM, untimed);
        problems.expect("conversations", CONVERSATIONS, 0, conversations.size());
        problems.expect("segments", segments, 0, utterances.size());
        Path glm = reference.resolve(GLM);
        List<String> rules = List.of();
        if (Files.isRegularFile(glm)) {
            rules = problems.lines(glm);
        } else {
            problems.warn("there is no " + GLM + " beside the STM: NIST scoring needs it");
        }
        NistReferences nist = new NistReferences(choices, rules.isEmpty() ? "" : GLM, rules);
        return List.of(new TestPart(name, RELEASE, utterances, problems.finish(utterances, Folders.REMEDY), nist));
    }

    /** The ids of all segments of the partitioned evaluation map, lines {@code en_4156 A speaker 301.85 302.48}. */
    private static Set<String> timed(Path pem, Problems problems) {
        Set<String> ids = new HashSet<>();
        if (!Files.isRegularFile(pem)) {
            problems.warn("there is no " + PEM + " to compare the segments' times with");
            return ids;
        }
        for (Stm.Line line : Stm.read(pem, problems)) {
            ids.add(line.file() + "-" + line.channel().toUpperCase(Locale.ROOT) + "_"
                    + line.id("", 6).substring(1));
        }
        return ids;
    }

    /** In NIST's notation without the slips of the original: marks of asides, and parentheses twice. */
    static String mended(String text) {
        return text.replaceAll("(?i)<[BE]_ASIDE>", " ")
                .replaceAll("\\(+", "(")
                .replaceAll("\\)+", ")")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** One plain reading. */
    static String clean(String text) {
        return mended(text)
                .replaceAll("%HESITATION", " ")
                .replaceAll("\\{([^{}/]*)/[^{}]*}", " $1 ")
                .replaceAll("\\([^()]*\\)", " ")
                .replaceAll("(^|\\s)@(?=\\s|$)", " ")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
