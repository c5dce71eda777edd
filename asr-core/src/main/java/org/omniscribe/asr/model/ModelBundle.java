package org.omniscribe.asr.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Sha256;

/**
 * A model as it is shipped: a folder, or a zip of one, with {@value #MANIFEST}, {@value #NETWORK}, {@value #TOKENS} and,
 * where it has them, {@value #PHONES} of a second head, the language model {@value #LANGUAGE_MODEL} and the
 * pronunciations {@value #LEXICON}. With an attention decoder there are {@value #CROSS}, {@value #DECODER} and {@value
 * #TOKENIZER} too, and {@value #TOKENS} only where there is a CTC head beside it.
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

    /** What the name of a file with the weights of a graph has behind that of the graph. */
    public static final String DATA = ".data";

    /** File name of the weights of a network that is too large to have them in its own file. */
    public static final String WEIGHTS = NETWORK + DATA;

    /** File name of the ONNX graph that makes keys and values of an attention decoder from the encoder's output. */
    public static final String CROSS = "cross.onnx";

    /** File name of the ONNX graph of an attention decoder. */
    public static final String DECODER = "decoder.onnx";

    /** File name of the byte-level tokenizer of an attention decoder, in the format of Hugging Face. */
    public static final String TOKENIZER = "tokenizer.json";

    /** All files that an attention decoder needs. */
    static final List<String> DECODER_FILES = List.of(CROSS, DECODER, TOKENIZER);

    private static final String DEFAULT_FOLDER = "/org/omniscribe/asr/default-model/";

    private static final String REMEDY = "Fetch or export the bundle again.";

    private final String location;
    private final BundleFiles files;
    private final BundleCheck.Contents contents;

    private ModelBundle(String location, BundleFiles files, BundleCheck.Contents contents) {
        this.location = location;
        this.files = files;
        this.contents = contents;
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
        return new ModelBundle(location, files, new BundleCheck(files).contents(location, REMEDY));
    }

    /** SHA-256 of a file, lower-case hexadecimal. */
    static String sha256(BundleFiles files, String name) throws IOException {
        try (InputStream in = files.open(name)) {
            return Sha256.of(in);
        }
    }

    /**
     * Writes a bundle, checks it, and only then puts it into its place; a failure leaves what was there before.
     *
     * @param target what to write: a zip file where the name ends in {@code .omni} or {@code .zip}, else a folder. A bundle that is there
     *     is replaced
     * @param manifest the manifest; its checksums are computed here
     * @param vocabulary the tokens of the CTC head; null where there is none
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
     *     and the manifest must have settings for it; {@link #WEIGHTS}; those of an attention decoder. They are written before the network, in the order
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
        if (!manifest().files().containsKey(name)) {
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
     * The bytes of one of the files that the manifest names, such as {@link #DECODER}.
     *
     * @throws ModelException if the bundle has no such file, or it has gone or cannot be read any more
     */
    public byte[] file(String name) {
        return optional(name)
                .orElseThrow(() -> new ModelException("model bundle " + location + " has no " + name + ". " + REMEDY));
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
        SortedMap<String, String> hashes = new TreeMap<>(manifest().files());
        hashes.put(NETWORK, Sha256.of(onnx));
        BundleFiles.Replaced replaced = new BundleFiles.Replaced(files, NETWORK, onnx.clone());
        boolean streaming = new BundleCheck(replaced).network(location, architecture());
        return new ModelBundle(
                location,
                replaced,
                new BundleCheck.Contents(
                        manifest().withFiles(hashes), contents.vocabulary(), contents.phones(), streaming));
    }

    /** Whether its network can hear an utterance chunk by chunk, keeping state in between. */
    public boolean streams() {
        return contents.streams();
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
        for (String name : manifest().files().keySet()) {
            if (!name.equals(NETWORK) && !name.equals(TOKENS)) {
                others.put(name, out -> copy(name, out));
            }
        }
        return create(target, changed, contents.vocabulary().orElse(null), out -> copy(NETWORK, out), others);
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
        return contents.manifest();
    }

    /** The shape of the network. */
    public Architecture architecture() {
        return manifest().architecture();
    }

    /**
     * The tokens of the CTC head.
     *
     * @throws ModelException if the network has none, because only its attention decoder writes text
     */
    public Vocabulary vocabulary() {
        return contents.vocabulary()
                .orElseThrow(() -> new ModelException("model bundle " + location
                        + " has no CTC head: only its attention decoder writes text. Use a model with a CTC head for"
                        + " this."));
    }

    /**
     * A graph of this bundle, to be loaded.
     *
     * @param name {@link #NETWORK}, {@link #CROSS} or {@link #DECODER}
     * @throws ModelException if the bundle has no such graph, or it cannot be read any more
     */
    public NetworkFile graph(String name) {
        if (!manifest().files().containsKey(name)) {
            throw new ModelException("model bundle " + location + " has no " + name + ". " + REMEDY);
        }
        Optional<Path> path = files.path(name);
        try {
            return path.isPresent() ? NetworkFile.of(path.get()) : NetworkFile.of(files.buffer(name));
        } catch (IOException e) {
            throw new ModelException(
                    name + " of model bundle " + location + " cannot be read (" + FailureText.reason(e) + "). "
                            + REMEDY,
                    e);
        }
    }

    /**
     * The bytes of {@link #TOKENIZER}.
     *
     * @throws ModelException if the bundle has no attention decoder, or the file cannot be read any more
     */
    public byte[] tokenizer() {
        return file(TOKENIZER);
    }

    /** The phones of the second read-out, where there is one. */
    public Optional<Vocabulary> phones() {
        return contents.phones();
    }

    /**
     * The size of every file that the manifest names, in bytes, by file name.
     *
     * @throws ModelException if the bundle has changed since it was opened and can no longer be read
     */
    public SortedMap<String, Long> sizes() {
        SortedMap<String, Long> sizes = new TreeMap<>();
        try {
            for (String name : manifest().files().keySet()) {
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
