package org.omniscribe.datasets.corpora;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.Detection;
import org.omniscribe.datasets.Problems;
import org.omniscribe.datasets.TestPart;
import org.omniscribe.datasets.Utterance;

/**
 * Wall Street Journal, the evaluation of November 1992 with the open vocabulary of 20,000 words: an index, detailed
 * orthographic transcripts ({@code .dot}) and SPHERE ({@code .wv1}), compressed as it is on the discs or not.
 *
 * <p>Text: as Kaldi's {@code normalize_transcript.pl} makes it, and without noises.
 */
final class Wsj implements Corpus {
    private static final String INDEX = "wsj0/doc/indices/test/nvp/si_et_20.ndx";
    private static final String DISC = "11-13.1";
    private static final int UTTERANCES = 333;
    private static final Pattern ENTRY = Pattern.compile("(\\d+)_(\\d+)_(\\d+):\\s*/?(\\S+)");
    private static final Pattern TRANSCRIPT = Pattern.compile("(.*)\\((\\w{8})\\)\\s*");
    private static final Pattern NOISE = Pattern.compile("~|\\.|\\[[^\\s\\]]*]|<NOISE>|<SPOKEN_NOISE>|<UNK>");
    /** Of the discs, and of copies that people unpacked. */
    private static final List<String> EXTENSIONS = List.of(".wv1", ".wav", ".sph", ".flac");

    @Override
    public String name() {
        return "wsj";
    }

    @Override
    public String title() {
        return "Wall Street Journal, November 1992, open vocabulary";
    }

    @Override
    public String licence() {
        return Hub5.LICENCE;
    }

    @Override
    public List<String> source() {
        return List.of(
                "https://catalog.ldc.upenn.edu/LDC93S6B (or LDC93S6A); disc " + DISC
                        + " and, if the transcripts are not on" + " it, the others",
                "Lay the discs side by side: " + DISC + "/" + INDEX + ", " + DISC + "/wsj0/si_et_20/440/440c0201.wv1.");
    }

    @Override
    public String layout() {
        return "file " + DISC + "/" + INDEX;
    }

    @Override
    public Detection detect(Path folder) {
        return index(folder).isPresent() ? new Detection.Present(folder, "CSR-I nov92") : new Detection.Absent();
    }

    private static Optional<Path> index(Path root) {
        return Folders.file(root, DISC + "/" + INDEX, INDEX);
    }

    @Override
    public List<TestPart> read(Path root) {
        Problems problems = new Problems(root);
        Path index = index(root).orElse(root.resolve(INDEX));
        List<Utterance> utterances = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        Transcripts transcripts = new Transcripts(root, problems);
        List<String> lines = problems.lines(index);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith(";")) {
                continue;
            }
            String place = problems.name(index) + " line " + (i + 1);
            Matcher entry = ENTRY.matcher(line);
            if (!entry.matches()) {
                problems.fault(place + ": \"" + line + "\" is no DISC:PATH such as 11_13_1:wsj0/si_et_20/440/440c0201");
                continue;
            }
            String path = entry.group(4).replaceFirst("(?i)\\.wv1$", "");
            String disc = entry.group(1) + "-" + entry.group(2) + "." + entry.group(3);
            String id = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
            Path onDisc = problems.inside(root, disc + "/" + path, place);
            Path merged = problems.inside(root, path, place);
            if (onDisc == null || merged == null || !problems.isNew(id, place)) {
                continue;
            }
            Path audio = audio(onDisc).or(() -> audio(merged)).orElse(onDisc.resolveSibling(id + ".wv1"));
            Optional<String> text = transcripts.of(id, audio);
            if (text.isEmpty()) {
                silent.add(id);
                continue;
            }
            double seconds = problems.seconds(audio);
            if (seconds > 0) {
                utterances.add(Utterance.ofFile(id, audio, seconds, id.substring(0, 3), clean(text.get())));
            }
        }
        problems.warnOf("no transcript for", silent);
        problems.expect("utterances", UTTERANCES, 0, utterances.size());
        List<String> warnings = problems.finish(utterances, Folders.REMEDY);
        return List.of(new TestPart(name(), "CSR-I nov92", utterances, warnings));
    }

    private static Optional<Path> audio(Path base) {
        return EXTENSIONS.stream()
                .map(e -> base.resolveSibling(base.getFileName() + e))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        for (String word :
                text.toUpperCase(Locale.ROOT).replace("\\", "").strip().split("\\s+")) {
            if (!NOISE.matcher(word).matches()) {
                clean.append(' ')
                        .append(word.replaceAll("^<(.*)>$", "$1")
                                .replaceAll("^%PERCENT$", "PERCENT")
                                .replaceAll("^\\.POINT$", "POINT")
                                .replaceAll("^--DASH$", "-DASH")
                                .replaceAll("[:*]", ""));
            }
        }
        return clean.toString().replaceAll("\\s+", " ").strip();
    }

    /** Finds transcripts: a .dot file beside the audio, or else anywhere below the root. */
    private static final class Transcripts {
        private final Path root;
        private final Problems problems;
        private final Map<String, String> texts = new HashMap<>();
        private final Set<Path> read = new HashSet<>();
        private boolean searched;

        Transcripts(Path root, Problems problems) {
            this.root = root;
            this.problems = problems;
        }

        Optional<String> of(String id, Path audio) {
            if (id.length() == 8) {
                Path beside = audio.resolveSibling(id.substring(0, 6) + "00.dot");
                if (Files.isRegularFile(beside)) {
                    read(beside);
                }
            }
            if (!texts.containsKey(id) && !searched) {
                searched = true;
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(f -> f.getFileName()
                                    .toString()
                                    .toLowerCase(Locale.ROOT)
                                    .endsWith(".dot"))
                            .sorted()
                            .forEach(this::read);
                } catch (IOException | UncheckedIOException e) {
                    problems.fault("the transcripts cannot be looked for: " + e.getMessage());
                }
            }
            return Optional.ofNullable(texts.get(id));
        }

        private void read(Path file) {
            if (read.add(file.toAbsolutePath().normalize())) {
                for (String line : problems.lines(file)) {
                    Matcher transcript = TRANSCRIPT.matcher(line);
                    if (transcript.matches()) {
                        texts.putIfAbsent(transcript.group(2).toLowerCase(Locale.ROOT), transcript.group(1));
                    }
                }
            }
        }
    }
}
