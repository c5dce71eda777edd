package org.omniscribe.asr.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.omniscribe.asr.io.FailureText;

/**
 * A model as it is shipped: a folder, or a zip of one, with {@value #MANIFEST}, {@value #NETWORK}, {@value #TOKENS} and,
 * where it has them, {@value #PHONES} of a second read-out, the language model {@value #LANGUAGE_MODEL} and the
 * pronunciations {@value #LEXICON}.
 *
 * <p>A bundle that could be opened adds up: every file has the checksum that the manifest gives, and manifest, network
 * and vocabulary agree. It holds no open files; immutable and thread-safe.
 */
public final class ModelBundle {
    /** File name of the {@link ModelManifest}. */
    public static final String MANIFEST = "model.json";

    /** File name of the ONNX graph. */
    public static final String NETWORK = "model.onnx";

    /** File name of the {@link Vocabulary}. */
    public static final String TOKENS = "tokens.txt";

    /** File name of the phones of the second read-out, written as {@link #TOKENS}. */
    public static final String PHONES = "phones.txt";

    /** File name of the language model; what it holds is the business of the package {@code asr.decode}. */
    public static final String LANGUAGE_MODEL = "lm.bin";

    /** File name of the pronunciations of words, in these phones; likewise of {@code asr.decode}. */
    public static final String LEXICON = "lexicon.txt.gz";

    /** File name of the weights of a network that is too large to have them in its own file. */
    public static final String WEIGHTS = "model.onnx.data";

    private static final String DEFAULT_FOLDER = "/org/omniscribe/asr/default-model/";

    private static final String REMEDY = "Fetch or export the bundle again.";

    private final String location;
    private final BundleFiles files;
    private final ModelManifest manifest;
    private final Vocabulary vocabulary;
    private final Optional<Vocabulary> phones;
    private final boolean streams;

    private ModelBundle(
            String location,
            BundleFiles files,
            ModelManifest manifest,
            Vocabulary vocabulary,
            Optional<Vocabulary> phones,
            boolean streams) {
        this.location = location;
        this.files = files;
        this.manifest = manifest;
        this.vocabulary = vocabulary;
        this.phones = phones;
        this.streams = streams;
    }

    /** Writes the bytes of one file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; leaves the stream open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** A vocabulary as the file of a bundle, one token a line. */
    public static Content content(Vocabulary vocabulary) {
        return out -> out.write((String.join("\n", vocabulary.tokens()) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Opens and checks a bundle; reads every byte of it once.
     *
     * @param path a folder or a zip file
     * @throws ModelException naming every fault
     */
    public static ModelBundle open(Path path) {
        if (Files.isDirectory(path)) {
            return open(path.toString(), new BundleFiles.Folder(path));
        }
        if (!Files.exists(path)) {
            throw new ModelException("there is no model bundle at " + path + ". Check the path.");
        }
        try {
            return open(path.toString(), BundleFiles.Zip.find(path));
        } catch (IOException e) {
            throw new ModelException(
                    "model bundle " + path + " is neither a folder nor a zip file that can be read (" + e.getMessage()
                            + "). " + REMEDY,
                    e);
        }
    }

    /**
     * Opens the bundle that this library ships.
     *
     * @throws ModelException if this build has none, or it is damaged
     */
    public static ModelBundle openDefault() {
        URL manifest = ModelBundle.class.getResource(DEFAULT_FOLDER + MANIFEST);
        if (manifest == null) {
            throw new ModelException("this build of the library ships no model. Open a bundle by its path instead.");
        }
        boolean unpacked = manifest.getProtocol().equals("file");
        return open(
                "default",
                unpacked
                        ? new BundleFiles.Folder(
                                Path.of(URI.create(manifest.toString())).getParent())
                        : new BundleFiles.Resources(manifest));
    }

    /** Opens and checks the files of a bundle. */
    static ModelBundle open(String location, BundleFiles files) {
        List<String> faults = new ArrayList<>();
        ModelManifest manifest = null;
        Vocabulary vocabulary = null;
        Vocabulary phones = null;
        OnnxSignature signature = null;
        try {
            if (files.has(MANIFEST)) {
                manifest = ManifestJson.read(files.bytes(MANIFEST), faults);
            } else {
                faults.add(MANIFEST + " is missing");
            }
            if (files.has(TOKENS)) {
                vocabulary = readVocabulary(files, TOKENS, faults);
            } else {
                faults.add(TOKENS + " is missing");
            }
            if (files.has(PHONES)) {
                phones = readVocabulary(files, PHONES, faults);
            }
            if (files.has(WEIGHTS) && files.path(WEIGHTS).isEmpty()) {
                faults.add(WEIGHTS + " can only be used from a folder; unpack the bundle into one");
            }
            if (files.has(NETWORK)) {
                signature = readSignature(files, faults);
            } else {
                faults.add(NETWORK + " is missing");
            }
            if (manifest != null) {
                checkHashes(manifest, files, faults);
            }
        } catch (IOException e) {
            faults.add("it cannot be read: " + FailureText.reason(e));
        }
        if (manifest != null) {
            Architecture architecture = manifest.architecture();
            if (vocabulary != null && vocabulary.size() != architecture.vocabulary()) {
                faults.add(TOKENS + " holds " + vocabulary.size() + " tokens, the architecture in " + MANIFEST + " has "
                        + architecture.vocabulary());
            }
            int phoneCount = phones == null ? 0 : phones.size();
            if (phoneCount != architecture.phones()) {
                faults.add(PHONES + (phones == null ? " is missing" : " holds " + phoneCount + " phones")
                        + ", the architecture in " + MANIFEST + " has " + architecture.phones());
            }
        }
        if (signature != null) {
            checkSignature(signature, manifest == null ? null : manifest.architecture(), faults);
        }
        if (!faults.isEmpty()) {
            throw new ModelException("model bundle " + location + " cannot be used:\n  - "
                    + String.join("\n  - ", faults) + "\n" + REMEDY);
        }
        return new ModelBundle(location, files, manifest, vocabulary, Optional.ofNullable(phones), streams(signature));
    }

    private static Vocabulary readVocabulary(BundleFiles files, String name, List<String> faults) throws IOException {
        try {
            String lines = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(files.bytes(name)))
                    .toString();
            return new Vocabulary(lines.lines().toList());
        } catch (CharacterCodingException e) {
            faults.add(name + " is not UTF-8 text");
        } catch (IllegalArgumentException e) {
            faults.add(name + ": " + e.getMessage());
        }
        return null;
    }

    private static OnnxSignature readSignature(BundleFiles files, List<String> faults) {
        try (InputStream in = files.open(NETWORK)) {
            return OnnxSignature.read(in);
        } catch (IOException e) {
            faults.add(NETWORK + " is no ONNX model: " + e.getMessage());
            return null;
        }
    }

    private static void checkHashes(ModelManifest manifest, BundleFiles files, List<String> faults) throws IOException {
        for (String name : List.of(NETWORK, TOKENS)) {
            if (!manifest.files().containsKey(name)) {
                faults.add(MANIFEST + " gives no checksum of " + name);
            }
        }
        for (String name : List.of(PHONES, LANGUAGE_MODEL, LEXICON)) {
            if (files.has(name) && !manifest.files().containsKey(name)) {
                faults.add(MANIFEST + " gives no checksum of " + name);
            }
        }
        if (manifest.files().containsKey(LANGUAGE_MODEL) && manifest.beam() == null) {
            faults.add(MANIFEST + " gives no beam, which says how much " + LANGUAGE_MODEL + " weighs");
        }
        if (manifest.files().containsKey(LEXICON)) {
            for (String name : List.of(PHONES, LANGUAGE_MODEL)) {
                if (!manifest.files().containsKey(name)) {
                    faults.add(LEXICON + " is of no use without " + name);
                }
            }
            if (manifest.lexicon() == null) {
                faults.add(MANIFEST + " gives no lexicon, which says how to search " + LEXICON);
            }
        } else if (manifest.lexicon() != null) {
            faults.add(MANIFEST + " says how to search " + LEXICON + ", and gives no checksum of it");
        }
        for (Map.Entry<String, String> file : manifest.files().entrySet()) {
            String name = file.getKey();
            if (!files.has(name)) {
                if (!name.equals(NETWORK) && !name.equals(TOKENS)) {
                    faults.add(name + " is missing");
                }
                continue;
            }
            String actual = sha256(files, name);
            if (!actual.equals(file.getValue())) {
                faults.add(name + " is damaged: its SHA-256 is " + actual + ", not " + file.getValue());
            }
        }
    }

    private static String sha256(BundleFiles files, String name) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = files.open(name)) {
            for (int n; (n = in.read(buffer)) >= 0; ) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a graph keeps state between the chunks of an utterance. */
    private static boolean streams(OnnxSignature signature) {
        return signature != null && signature.inputs().containsKey(StreamState.FIRST_STEP);
    }

    /** Names, types and ranks always; extents where both the graph and the architecture fix them. */
    private static void checkSignature(OnnxSignature signature, Architecture architecture, List<String> faults) {
        long layers = architecture == null ? -1 : architecture.layers();
        long bins = architecture == null ? -1 : architecture.melBins();
        long tokens = architecture == null ? -1 : architecture.vocabulary();
        check("input", signature.inputs(), "features", OnnxSignature.FLOAT, faults, -1L, -1L, bins);
        check("input", signature.inputs(), "lengths", OnnxSignature.INT64, faults, -1L);
        check("output", signature.outputs(), "log_probs", OnnxSignature.FLOAT, faults, -1L, -1L, tokens);
        if (architecture != null && architecture.phones() > 0) {
            long phones = architecture.phones();
            check("output", signature.outputs(), "phone_log_probs", OnnxSignature.FLOAT, faults, -1L, -1L, phones);
        }
        check("output", signature.outputs(), "output_lengths", OnnxSignature.INT64, faults, -1L);
        check("output", signature.outputs(), "expert_index", OnnxSignature.INT32, faults, layers, -1L, -1L);
        check("output", signature.outputs(), "expert_prob", OnnxSignature.FLOAT, faults, layers, -1L, -1L);
        boolean state = architecture != null && streams(signature);
        if (state) {
            StreamState.inputs(architecture)
                    .forEach((name, extents) -> check(
                            "input",
                            signature.inputs(),
                            name,
                            name.equals(StreamState.FIRST_STEP) ? OnnxSignature.INT64 : OnnxSignature.FLOAT,
                            faults,
                            extents));
            StreamState.outputs(architecture)
                    .forEach((name, extents) ->
                            check("output", signature.outputs(), name, OnnxSignature.FLOAT, faults, extents));
        }
        Set<String> fed = new HashSet<>(Set.of("features", "lengths"));
        fed.addAll(state ? StreamState.inputs(architecture).keySet() : Set.of());
        for (String name : signature.inputs().keySet()) {
            if (!fed.contains(name)) {
                faults.add(NETWORK + " has an input \"" + name + "\" that nothing feeds");
            }
        }
    }

    private static void check(
            String kind,
            Map<String, OnnxSignature.Tensor> tensors,
            String name,
            int type,
            List<String> faults,
            Long... extents) {
        OnnxSignature.Tensor wanted = new OnnxSignature.Tensor(type, List.of(extents));
        OnnxSignature.Tensor found = tensors.get(name);
        if (found == null) {
            faults.add(NETWORK + " has no " + kind + " \"" + name + "\"");
            return;
        }
        boolean fits = found.type() == type && found.shape().size() == extents.length;
        for (int i = 0; fits && i < extents.length; i++) {
            long extent = found.shape().get(i);
            fits = extent == extents[i] || extent < 0 || extents[i] < 0;
        }
        if (!fits) {
            faults.add(NETWORK + " has the " + kind + " \"" + name + "\" as " + found + ", not " + wanted);
        }
    }

    /**
     * Writes a bundle, checks it, and only then puts it into its place; a failure leaves what was there before.
     *
     * @param target what to write: a zip file where the name ends in {@code .omni} or {@code .zip}, else a folder. A bundle that is there
     *     is replaced
     * @param manifest the manifest; its checksums are computed here
     * @param vocabulary the tokens
     * @param network writes the ONNX graph
     * @return the new bundle, opened
     * @throws ModelException if the parts do not fit each other, the message naming every fault; if the target is a
     *     folder with something else in it; or if it cannot be written
     */
    public static ModelBundle create(Path target, ModelManifest manifest, Vocabulary vocabulary, Content network) {
        return create(target, manifest, vocabulary, network, Map.of());
    }

    /**
     * Writes a bundle with further files; else as {@link #create(Path, ModelManifest, Vocabulary, Content)}.
     *
     * @param others what writes them, by name: {@link #PHONES} where the architecture has phones; {@link
     *     #LANGUAGE_MODEL}, with which the manifest must have a beam; {@link #LEXICON}, with which there must be both,
     *     and the manifest must have settings for it; {@link #WEIGHTS}. They are written before the network, in the order
     *     of the map
     */
    public static ModelBundle create(
            Path target, ModelManifest manifest, Vocabulary vocabulary, Content network, Map<String, Content> others) {
        BundleWriter.write(target, manifest, vocabulary, network, others);
        return open(target);
    }

    /**
     * The bytes of the language model, if the bundle has one.
     *
     * @throws ModelException if it has gone or cannot be read any more
     */
    public Optional<byte[]> languageModel() {
        return optional(LANGUAGE_MODEL);
    }

    /**
     * The bytes of the pronunciations, if the bundle has them.
     *
     * @throws ModelException if they have gone or cannot be read any more
     */
    public Optional<byte[]> lexicon() {
        return optional(LEXICON);
    }

    private Optional<byte[]> optional(String name) {
        if (!manifest.files().containsKey(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(files.bytes(name));
        } catch (IOException e) {
            throw new ModelException(
                    name + " of model bundle " + location + " cannot be read (" + FailureText.reason(e) + "). "
                            + REMEDY,
                    e);
        }
    }

    /**
     * The bytes of the ONNX graph.
     *
     * @throws ModelException if it has gone or cannot be read any more
     */
    public byte[] network() {
        try {
            return files.bytes(NETWORK);
        } catch (IOException e) {
            throw new ModelException(
                    "the network of model bundle " + location + " cannot be read (" + FailureText.reason(e) + "). "
                            + REMEDY,
                    e);
        }
    }

    /**
     * This bundle with another network, in memory only.
     *
     * @param onnx the bytes of an ONNX graph of the same architecture
     * @throws ModelException if they are no such graph; the message names every fault
     */
    public ModelBundle withNetwork(byte[] onnx) {
        SortedMap<String, String> hashes = new TreeMap<>(manifest.files());
        hashes.put(NETWORK, HexFormat.of().formatHex(sha256().digest(onnx)));
        BundleFiles.Replaced replaced = new BundleFiles.Replaced(files, NETWORK, onnx.clone());
        List<String> faults = new ArrayList<>();
        OnnxSignature signature = readSignature(replaced, faults);
        if (signature != null) {
            checkSignature(signature, architecture(), faults);
        }
        if (!faults.isEmpty()) {
            throw new ModelException(
                    "model bundle " + location + " cannot take this network:\n  - " + String.join("\n  - ", faults));
        }
        return new ModelBundle(location, replaced, manifest.withFiles(hashes), vocabulary, phones, streams(signature));
    }

    /** Whether its network can hear an utterance chunk by chunk, keeping state in between. */
    public boolean streams() {
        return streams;
    }

    /**
     * Writes this bundle anew, with its network as it is in memory and all its other files.
     *
     * @param target as for {@link #create(Path, ModelManifest, Vocabulary, Content)}
     * @param changed what it is to say of itself; its checksums are computed here
     * @return the new bundle, opened
     * @throws ModelException as the same method
     */
    public ModelBundle write(Path target, ModelManifest changed) {
        Map<String, Content> others = new TreeMap<>();
        for (String name : manifest.files().keySet()) {
            if (!name.equals(NETWORK) && !name.equals(TOKENS)) {
                others.put(name, out -> copy(name, out));
            }
        }
        return create(target, changed, vocabulary, out -> copy(NETWORK, out), others);
    }

    private void copy(String name, OutputStream out) throws IOException {
        try (InputStream in = files.open(name)) {
            in.transferTo(out);
        }
    }

    /** Where the bundle is, for messages: its path, or "default". */
    public String location() {
        return location;
    }

    /** What the bundle says of itself. */
    public ModelManifest manifest() {
        return manifest;
    }

    /** The shape of the network. */
    public Architecture architecture() {
        return manifest.architecture();
    }

    /** The output tokens. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The phones of the second read-out, where there is one. */
    public Optional<Vocabulary> phones() {
        return phones;
    }

    /**
     * The size of every file that the manifest names, in bytes, by file name.
     *
     * @throws ModelException if the bundle has changed since it was opened and can no longer be read
     */
    public SortedMap<String, Long> sizes() {
        SortedMap<String, Long> sizes = new TreeMap<>();
        try {
            for (String name : manifest.files().keySet()) {
                sizes.put(name, files.size(name));
            }
        } catch (IOException e) {
            throw new ModelException(
                    "model bundle " + location + " can no longer be read: " + FailureText.reason(e) + ". " + REMEDY, e);
        }
        return sizes;
    }

    BundleFiles files() {
        return files;
    }
}
