package org.omniscribe.app.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.omniscribe.app.batch.Journal;
import org.omniscribe.app.desktop.document.TranscriptFile;
import org.omniscribe.app.desktop.timeline.RoutingFile;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.decode.LanguageModel;
import org.omniscribe.asr.decode.PhraseDecoder;
import org.omniscribe.asr.decode.Pronunciations;
import org.omniscribe.asr.feature.NpyReader;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.testing.TestResources;
import org.omniscribe.datasets.Corpus;
import org.omniscribe.datasets.UtteranceList;
import org.omniscribe.datasets.corpora.Corpora;
import org.omniscribe.datasets.download.Unpacker;
import org.omniscribe.eval.score.Glm;
import org.omniscribe.eval.score.NistFiles;
import org.omniscribe.export.checkpoint.CTranslate2File;
import org.omniscribe.export.checkpoint.Checkpoint;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Tensors;
import org.omniscribe.export.checkpoint.TokenFile;
import org.omniscribe.export.checkpoint.WhisperCheckpoint;
import org.omniscribe.export.checkpoint.WhisperTokens;

/**
 * A reader under attack.
 *
 * @param name what reports call it
 * @param seeds sound files; each input is one of them, damaged
 * @param repair mends checksums after the damage, so that it comes to what lies behind them
 * @param where where an input is written, below the folder of the attack
 * @param reading reads it; may throw what the reader promises
 */
record Target(String name, List<byte[]> seeds, UnaryOperator<byte[]> repair, String where, Reading reading) {
    /** What it is to read an input. */
    @FunctionalInterface
    interface Reading {
        void read(Path input) throws Exception;
    }

    private static final Path AUDIO = TestResources.path("org/omniscribe/asr/audio");
    private static final Path CORPORA = TestResources.path("org/omniscribe/datasets/corpora/corpora");
    private static final Path CHECKPOINTS = TestResources.path("checkpoints");
    private static final Path BUNDLE = TestResources.tinyModel();
    /** No input here is longer than a few seconds; what becomes of it may be a minute for each of its kilobytes. */
    private static final long MAX_SAMPLES = 16000L * 60 * 60;

    private static final String ARPA =
            """

            \\data\\
            ngram 1=5
            ngram 2=4
            ngram 3=2

            \\1-grams:
            -1.2\t<unk>\t0
            0\t<s>\t-0.3
            -0.9\t</s>\t0
            -0.7\tgood\t-0.2
            -0.8\tday\t-0.1

            \\2-grams:
            -0.3\t<s> good\t-0.1
            -0.4\tgood day\t-0.2
            -0.5\tday </s>
            -0.9\tday good

            \\3-grams:
            -0.1\t<s> good day
            -0.2\tgood day </s>

            \\end\\
            """;

    private static final String TRANSCRIPT =
            """
            {"version": 1, "file": "a.wav", "duration": 2.5, "model": "m", "text": "old man", "segments": [{"start": 0.1,
             "end": 1.5, "text": "old man", "words": [{"word": "old", "start": 0.1, "end": 0.5, "confidence": 0.9},
             {"word": "man", "start": 0.6, "end": 1.5, "confidence": 0.4}]}], "routing": {"stepSeconds": 0.04,
             "experts": [[0, 1], [1, 1]], "probabilities": [[0.5, 1], [0.25, 0.75]]}, "warnings": ["short"]}
            """;

    /** All readers of files that may come from anywhere. */
    static List<Target> all(Path folder) throws Exception {
        List<Target> targets = new ArrayList<>();
        for (String extension : List.of("wav", "aiff", "aifc", "au", "flac", "mp2", "mp3", "ogg", "opus", "sph")) {
            UnaryOperator<byte[]> repair =
                    extension.equals("ogg") || extension.equals("opus") ? Mutator::fixOgg : bytes -> bytes;
            targets.add(new Target(extension, files(AUDIO, "." + extension), repair, "sound", Target::listen));
        }
        targets.add(plain("bundle zip", ModelBundle::open, Files.readAllBytes(BUNDLE), smallZip()));
        Map<String, byte[]> bundle = entries(BUNDLE);
        for (Map.Entry<String, byte[]> entry : bundle.entrySet()) {
            targets.add(bundleFile(folder, entry.getKey(), bundle));
        }
        Path tensors = folder.resolve("seed.safetensors");
        SafeTensors.write(
                tensors,
                Map.of(
                        "a.weight",
                        new Tensor(new long[] {3, 4}, new float[12]),
                        "b",
                        new Tensor(new long[0], new float[1])),
                Map.of("format", "pt"));
        targets.add(plain("safetensors", SafeTensors::read, Files.readAllBytes(tensors)));
        targets.add(plain("checkpoint zip", Target::openAll, Files.readAllBytes(CHECKPOINTS.resolve("dense.pt"))));
        targets.add(
                plain("checkpoint stream", Target::openAll, Files.readAllBytes(CHECKPOINTS.resolve("grouped.pth"))));
        targets.add(pickle(folder));
        targets.add(new Target(
                "checkpoint index",
                List.of(Files.readAllBytes(CHECKPOINTS.resolve("sharded/model.safetensors.index.json"))),
                bytes -> bytes,
                folder.relativize(shards(folder)).toString(),
                Target::openAll));
        Path whisper = TestResources.path("whisper");
        targets.add(plain(
                "ctranslate2",
                Target::readAll,
                Files.readAllBytes(whisper.resolve("ct2/model.bin")),
                Files.readAllBytes(whisper.resolve("ct2-int8/model.bin"))));
        targets.add(new Target(
                "whisper tokenizer",
                List.of(Files.readAllBytes(whisper.resolve("ct2/tokenizer.json"))),
                bytes -> bytes,
                "tokenizer.json",
                input -> WhisperTokens.read(input, 280)));
        targets.add(new Target(
                "whisper configuration",
                List.of(Files.readAllBytes(whisper.resolve("ct2/config.json"))),
                bytes -> bytes,
                folder.relativize(whisperModel(folder, whisper))
                        .resolve("config.json")
                        .toString(),
                input -> WhisperCheckpoint.open(input.getParent(), Optional.empty(), Set.of())));
        targets.add(new Target(
                "sentencepiece",
                files(TestResources.path("pieces"), ".model"),
                bytes -> bytes,
                "tokens.model",
                input -> TokenFile.read(input, 30, 0)));
        targets.add(plain("arpa", LanguageModel::read, ARPA.getBytes(StandardCharsets.UTF_8)));
        targets.add(plain("language model", LanguageModel::read, binaryModel(folder)));
        targets.add(text(
                "lexicon",
                input -> Pronunciations.readCompressed(
                        new ByteArrayInputStream(gzip(Files.readAllBytes(input))), "lexicon"),
                "hello HH AH0 L OW1\nhello(2) HH EH0 L OW1\nday D EY1\n;;; end\n"));
        targets.add(new Target(
                "npy",
                List.of(Files.readAllBytes(CHECKPOINTS.resolve("dense-features.npy"))),
                bytes -> bytes,
                "features.npy",
                NpyReader::read));
        targets.add(text("hotwords", Hotwords::read, "# names\nOmni\t7\nnew york\nday\t2.5\n"));
        targets.add(text("phrases", PhraseDecoder::read, "open the door\nclose it\n"));
        targets.add(new Target(
                "manifest tsv",
                List.of("file\tseconds\tspeaker\ttext\na.wav\t1.5\ts1\thello there\nb/c.flac\t2\ts2\tgood day\n"
                        .getBytes(StandardCharsets.UTF_8)),
                bytes -> bytes,
                "manifest.tsv",
                UtteranceList::read));
        targets.add(new Target(
                "manifest jsonl",
                List.of(("{\"audio_filepath\":\"a.wav\",\"duration\":1.5,\"text\":\"hello\",\"offset\":0.5}\n"
                                + "{\"audio_filepath\":\"b.wav\",\"duration\":2,\"text\":\"good day\",\"speaker\":\"s\"}\n")
                        .getBytes(StandardCharsets.UTF_8)),
                bytes -> bytes,
                "manifest.jsonl",
                UtteranceList::read));
        targets.add(new Target(
                "metadata csv",
                List.of("file_name,text\na.wav,\"hello, there\"\nb.wav,day\n".getBytes(StandardCharsets.UTF_8)),
                bytes -> bytes,
                "metadata.csv",
                UtteranceList::read));
        targets.add(kaldi(folder, "wav.scp"));
        targets.add(kaldi(folder, "segments"));
        targets.add(kaldi(folder, "text"));
        targets.add(text("trn", NistFiles::readTrn, "hello { there / @ } day (a_1)\n(uh) good th- day (a_2)\n"));
        targets.add(text("stm", NistFiles::readStm, ";; c\na A s1 0.0 2.5 <o,f0,male> hello there\na A s1 2.5 4 x\n"));
        targets.add(text("ctm", NistFiles::readCtm, "a A 0.1 0.3 hello 0.9\na A 0.5 0.2 there\n"));
        targets.add(text(
                "glm",
                file -> Glm.read(file)
                        .segments(List.of(
                                new NistFiles.Segment("f", "1", "s", 0, 1, "", "he's (uh) { gonna / @ } x-ray"))),
                ";; rules\n"
                        + "* name = \"r\"\n"
                        + "* format = 'NIST1'\n"
                        + "* case_sensitive = 'F'\n"
                        + "HE'S => {HE IS / HE HAS}\n"
                        + "[UH] => (%HESITATION) / [ ] __ [ ]\n"
                        + ";; INPUT_DEPENDENT_APPLICATION = \"(stm|hyp)\"\n"
                        + "X => Y\n"));
        targets.add(text("tsv of transcripts", NistFiles::readTsv, "a\thello there\nb\tgood day\n"));
        for (String file : List.of(
                "AMI/ami_public_manual_1.6.2/words/ES2004a.A.words.xml",
                "AMI/ami_public_manual_1.6.2/segments/ES2004a.A.segments.xml",
                "AMI/ami_public_manual_1.6.2/corpusResources/meetings.xml",
                "TEDLIUM_release-3/legacy/test/stm/AimeeMullins_2009P.stm")) {
            targets.add(corpus(folder, file));
        }
        targets.add(new Target(
                "archive to unpack", List.of(smallZip(), tar(folder)), bytes -> bytes, "archive", Target::unpack));
        targets.add(new Target(
                "journal", List.of(journal()), bytes -> bytes, Journal.NAME, input -> Journal.open(input.getParent())
                        .close()));
        targets.add(text("transcript", refusing(TranscriptFile::read), TRANSCRIPT));
        Path experts = folder.resolve("seed.experts");
        try (RoutingFile file = RoutingFile.create(experts, List.of(4, 2), 0.04)) {
            file.add(3, new RoutingTrace(new int[][] {{0, 3, 1}, {1, 0, 1}}, new float[][] {{1, 0.5f, 0}, {1, 1, 1}}));
        }
        targets.add(plain("experts of a session", refusing(RoutingFile::read), Files.readAllBytes(experts)));
        return targets;
    }

    /** A reader that promises an IOException which names the file and what is wrong with it. */
    private static Reading refusing(Reading reading) {
        return input -> {
            try {
                reading.read(input);
            } catch (IOException e) {
                if (!e.getMessage().startsWith(input + " is no ")) {
                    throw e;
                }
            }
        };
    }

    private static Target plain(String name, Reading reading, byte[]... seeds) {
        return new Target(name, List.of(seeds), bytes -> bytes, "input", reading);
    }

    private static Target text(String name, Reading reading, String seed) {
        return plain(name, reading, seed.getBytes(StandardCharsets.UTF_8));
    }

    private static void listen(Path input) {
        float[] buffer = new float[1 << 14];
        long samples = 0;
        try (AudioReader reader = AudioReader.open(input)) {
            for (int n; (n = reader.read(buffer, 0, buffer.length)) >= 0; samples += n) {
                for (int i = 0; i < n; i++) {
                    if (!Float.isFinite(buffer[i])) {
                        throw new IllegalStateException("a sample is " + buffer[i]);
                    }
                }
                if (samples > MAX_SAMPLES) {
                    throw new IllegalStateException("more than an hour of sound out of a small file");
                }
            }
        }
    }

    /** Opens a checkpoint and reads all its tensors. */
    private static void openAll(Path checkpoint) {
        Tensors tensors =
                Checkpoint.open(checkpoint, Optional.empty(), Set.of()).tensors();
        tensors.shapes().keySet().forEach(tensors::read);
    }

    /** All variables of a model of CTranslate2's. */
    private static void readAll(Path input) {
        CTranslate2File file = CTranslate2File.open(input);
        file.shapes().keySet().forEach(file::read);
    }

    /** A folder with a whole Whisper model, whose configuration is under attack. */
    private static Path whisperModel(Path folder, Path whisper) throws IOException {
        Path target = Files.createDirectories(folder.resolve("whisper"));
        for (String name : List.of("model.bin", "tokenizer.json")) {
            Files.copy(whisper.resolve("ct2").resolve(name), target.resolve(name));
        }
        return target;
    }

    /** The pickle in a zip of PyTorch's alone is damaged, so that the damage does not end at the zip. */
    private static Target pickle(Path folder) throws IOException {
        Map<String, byte[]> entries = entries(CHECKPOINTS.resolve("dense.pt"));
        String pickle = entries.keySet().stream()
                .filter(name -> name.endsWith("data.pkl"))
                .findFirst()
                .orElseThrow();
        Path zip = folder.resolve("pickle.pt");
        return plain(
                "pickle",
                input -> {
                    entries.put(pickle, Files.readAllBytes(input));
                    store(entries, zip);
                    openAll(zip);
                },
                entries.get(pickle));
    }

    /** Writes a zip without compression, as PyTorch does. */
    private static void store(Map<String, byte[]> entries, Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                ZipEntry stored = new ZipEntry(entry.getKey());
                stored.setSize(entry.getValue().length);
                stored.setCrc(crc.getValue());
                zip.putNextEntry(stored);
                zip.write(entry.getValue());
            }
        }
    }

    /** A checkpoint in several files; returns its index. */
    private static Path shards(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("sharded"));
        try (Stream<Path> files = Files.list(CHECKPOINTS.resolve("sharded"))) {
            for (Path file : files.toList()) {
                Files.copy(file, home.resolve(file.getFileName().toString()));
            }
        }
        return home.resolve("model.safetensors.index.json");
    }

    private static Target bundleFile(Path folder, String file, Map<String, byte[]> bundle) throws IOException {
        Path home = Files.createDirectories(folder.resolve("bundle-" + file));
        for (Map.Entry<String, byte[]> entry : bundle.entrySet()) {
            Files.write(home.resolve(entry.getKey()), entry.getValue());
        }
        String manifest = new String(bundle.get(ModelBundle.MANIFEST), StandardCharsets.UTF_8);
        String sum = sha256(bundle.get(file));
        return new Target(
                "bundle " + file,
                List.of(bundle.get(file)),
                bytes -> bytes,
                folder.relativize(home.resolve(file)).toString(),
                input -> {
                    if (!file.equals(ModelBundle.MANIFEST)) {
                        String changed = manifest.replace(sum, sha256(Files.readAllBytes(input)));
                        Files.writeString(home.resolve(ModelBundle.MANIFEST), changed);
                    }
                    ModelBundle.open(home);
                });
    }

    private static String sha256(byte[] bytes) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private static Target kaldi(Path folder, String file) throws IOException {
        Path home = Files.createDirectories(folder.resolve("kaldi-" + file));
        Map<String, String> files = Map.of(
                "wav.scp",
                "a a.wav\nb sph2pipe -f wav b.sph |\n",
                "segments",
                "a-1 a 0.0 1.5\na-2 a 1.5 2.5\nb-1 b 0 1\n",
                "text",
                "a-1 hello there\na-2 good day\nb-1 yes\n");
        for (Map.Entry<String, String> entry : files.entrySet()) {
            Files.writeString(home.resolve(entry.getKey()), entry.getValue());
        }
        return new Target(
                "kaldi " + file,
                List.of(files.get(file).getBytes(StandardCharsets.UTF_8)),
                bytes -> bytes,
                folder.relativize(home.resolve(file)).toString(),
                input -> UtteranceList.read(home));
    }

    private static Target corpus(Path folder, String file) throws IOException {
        Path root = Path.of(file).getName(0);
        Path copy = folder.resolve("corpus-" + Path.of(file).getFileName());
        try (Stream<Path> files = Files.walk(CORPORA.resolve(root))) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(CORPORA.relativize(one).toString());
                Files.createDirectories(target.getParent());
                Files.copy(one, target);
            }
        }
        Corpus corpus = Corpora.named(root.toString().equals("AMI") ? "ami-ihm" : "tedlium")
                .orElseThrow();
        Path home = copy.resolve(root);
        return new Target(
                "corpus " + Path.of(file).getFileName(),
                List.of(Files.readAllBytes(CORPORA.resolve(file))),
                bytes -> bytes,
                folder.relativize(copy.resolve(file)).toString(),
                input -> corpus.read(home));
    }

    /** Whatever the archive says, nothing may be written outside of the folder. */
    private static void unpack(Path input) throws Exception {
        Path around = Files.createTempDirectory(input.getParent(), "around");
        Path inside = around.resolve("a/b/c");
        try {
            Unpacker.unpack(input, inside, List.of(Unpacker.Rule.ALL), done -> {});
        } finally {
            try (Stream<Path> files = Files.walk(around)) {
                List<Path> all = files.toList();
                for (int i = all.size() - 1; i >= 0; i--) {
                    Path file = all.get(i);
                    if (Files.isRegularFile(file) && !file.startsWith(inside)) {
                        throw new IllegalStateException("written outside of its folder: " + file);
                    }
                    Files.delete(file);
                }
            }
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] smallZip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("model.json", "tokens.txt", "deep/er/file.txt")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(("{\"content of\": \"" + name + "\"}\n").repeat(20).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(Path folder) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("tar/d/e"));
        Files.writeString(home.resolve("f.txt"), "content");
        Files.writeString(home.resolve("g.txt"), "more of it");
        Path file = folder.resolve("seed.tar");
        Process tar = new ProcessBuilder(
                        "tar",
                        "cf",
                        file.toString(),
                        "-C",
                        folder.resolve("tar").toString(),
                        "d")
                .start();
        return tar.waitFor() == 0 ? Files.readAllBytes(file) : smallZip();
    }

    private static byte[] binaryModel(Path folder) throws IOException {
        Path arpa = Files.writeString(folder.resolve("seed.arpa"), ARPA);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LanguageModel.read(arpa).write(bytes);
        return bytes.toByteArray();
    }

    private static byte[] journal() {
        StringWriter text = new StringWriter();
        text.write("omniscribe journal 1\n");
        text.write("00000000 {\"recording\":\"a.wav\",\"outputs\":[{\"file\":\"a.txt\"}]}\n");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> files(Path folder, String end) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(end)).sorted().toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static Map<String, byte[]> entries(Path zip) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : file.stream().map(e -> (ZipEntry) e).toList()) {
                contents.put(entry.getName(), file.getInputStream(entry).readAllBytes());
            }
        }
        return contents;
    }
}
