package org.omniscribe.asr.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the files of a bundle and finds everything in which they do not add up. */
final class BundleCheck {
    /** Files that may be there; each needs a checksum. */
    private static final List<String> OPTIONAL =
            List.of(ModelBundle.PHONES, ModelBundle.LANGUAGE_MODEL, ModelBundle.LEXICON);

    private final BundleFiles files;
    private final List<String> faults = new ArrayList<>();

    BundleCheck(BundleFiles files) {
        this.files = files;
    }

    /**
     * What the files hold.
     *
     * @param manifest what the bundle says of itself
     * @param vocabulary tokens of the CTC head; empty without one
     * @param phones phones of the second head; empty without one
     * @param streams whether the network keeps state
     */
    record Contents(
            ModelManifest manifest, Optional<Vocabulary> vocabulary, Optional<Vocabulary> phones, boolean streams) {}

    /**
     * Reads everything.
     *
     * @param location where the bundle is, for the message
     * @param remedy the end of the message
     * @throws ModelException naming every fault
     */
    Contents contents(String location, String remedy) {
        ModelManifest manifest = null;
        Vocabulary vocabulary = null;
        Vocabulary phones = null;
        OnnxSignature signature = null;
        try {
            if (present(ModelBundle.MANIFEST)) {
                manifest = ManifestJson.read(files.bytes(ModelBundle.MANIFEST), faults);
            }
            boolean tokens = manifest == null || manifest.architecture().vocabulary() > 0;
            if (tokens ? present(ModelBundle.TOKENS) : files.has(ModelBundle.TOKENS)) {
                vocabulary = vocabulary(ModelBundle.TOKENS);
            }
            if (files.has(ModelBundle.PHONES)) {
                phones = vocabulary(ModelBundle.PHONES);
            }
            for (String graph : List.of(ModelBundle.NETWORK, ModelBundle.CROSS, ModelBundle.DECODER)) {
                String weights = graph + ModelBundle.DATA;
                if (files.has(weights) && files.path(weights).isEmpty()) {
                    faults.add(weights + " can only be used from a folder; unpack the bundle into one");
                }
            }
            if (present(ModelBundle.NETWORK)) {
                signature = signature(ModelBundle.NETWORK);
            }
            if (manifest != null) {
                checkDecoder(manifest.architecture().decoder());
                checkHashes(manifest);
            }
        } catch (IOException e) {
            faults.add("it cannot be read: " + e);
        }
        if (manifest != null) {
            checkTokens(manifest.architecture(), vocabulary, phones);
        }
        if (signature != null) {
            checkNetwork(signature, manifest == null ? null : manifest.architecture());
        }
        if (!faults.isEmpty()) {
            throw new ModelException("model bundle " + location + " cannot be used:\n  - "
                    + String.join("\n  - ", faults) + "\n" + remedy);
        }
        return new Contents(manifest, Optional.ofNullable(vocabulary), Optional.ofNullable(phones), streams(signature));
    }

    /**
     * Whether another network fits.
     *
     * @return whether it keeps state
     * @throws ModelException if it does not fit; the message names every fault
     */
    boolean network(String location, Architecture architecture) {
        OnnxSignature signature = signature(ModelBundle.NETWORK);
        if (signature != null) {
            checkNetwork(signature, architecture);
        }
        if (!faults.isEmpty()) {
            throw new ModelException(
                    "model bundle " + location + " cannot take this network:\n  - " + String.join("\n  - ", faults));
        }
        return streams(signature);
    }

    private boolean present(String name) throws IOException {
        if (!files.has(name)) {
            faults.add(name + " is missing");
            return false;
        }
        return true;
    }

    private Vocabulary vocabulary(String name) throws IOException {
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

    private OnnxSignature signature(String name) {
        try (InputStream in = files.open(name)) {
            return OnnxSignature.read(in);
        } catch (IOException e) {
            faults.add(name + " is no ONNX model: " + e.getMessage());
            return null;
        }
    }

    private void checkTokens(Architecture architecture, Vocabulary vocabulary, Vocabulary phones) {
        if (vocabulary != null && vocabulary.size() != architecture.vocabulary()) {
            faults.add(ModelBundle.TOKENS + " holds " + vocabulary.size() + " tokens, the architecture in "
                    + ModelBundle.MANIFEST + " has " + architecture.vocabulary());
        }
        int count = phones == null ? 0 : phones.size();
        if (count != architecture.phones()) {
            faults.add(ModelBundle.PHONES + (phones == null ? " is missing" : " holds " + count + " phones")
                    + ", the architecture in " + ModelBundle.MANIFEST + " has " + architecture.phones());
        }
    }

    /** The files of an attention decoder: there if there is one, their graphs those of its shape. */
    private void checkDecoder(AttentionSpec decoder) throws IOException {
        if (decoder == null) {
            for (String name : ModelBundle.DECODER_FILES) {
                if (files.has(name)) {
                    faults.add(
                            name + " has no use, as the architecture in " + ModelBundle.MANIFEST + " has no decoder");
                }
            }
            return;
        }
        present(ModelBundle.TOKENIZER);
        long heads = decoder.heads();
        long head = decoder.headWidth();
        long tokens = decoder.vocabulary();
        OnnxSignature cross = present(ModelBundle.CROSS) ? signature(ModelBundle.CROSS) : null;
        if (cross != null) {
            Tensors in = new Tensors(ModelBundle.CROSS, "input", cross.inputs());
            in.check("encoded", OnnxSignature.FLOAT, -1L, -1L, (long) decoder.width());
            for (int layer = 0; layer < decoder.layers(); layer++) {
                checkCross(cross.outputs(), "cross_key_" + layer, heads);
                checkCross(cross.outputs(), "cross_value_" + layer, heads);
            }
        }
        OnnxSignature network = present(ModelBundle.DECODER) ? signature(ModelBundle.DECODER) : null;
        if (network != null) {
            Tensors in = new Tensors(ModelBundle.DECODER, "input", network.inputs());
            in.check("tokens", OnnxSignature.INT64, -1L, -1L, -1L);
            in.check("parents", OnnxSignature.INT64, -1L);
            in.check("cross_lengths", OnnxSignature.INT64, -1L);
            in.check("suppress", OnnxSignature.FLOAT, tokens);
            in.check("count", OnnxSignature.INT64, 1L);
            in.check("wanted", OnnxSignature.INT64, 1L);
            Tensors out = new Tensors(ModelBundle.DECODER, "output", network.outputs());
            out.check("log_probs", OnnxSignature.FLOAT, -1L, -1L, -1L, tokens);
            for (int layer = 0; layer < decoder.layers(); layer++) {
                in.check("past_key_" + layer, OnnxSignature.FLOAT, -1L, heads, -1L, head);
                out.check("present_key_" + layer, OnnxSignature.FLOAT, -1L, heads, -1L, head);
            }
        }
        if (cross != null && network != null) {
            cross.outputs().forEach((name, tensor) -> {
                if (!tensor.equals(network.inputs().get(name))) {
                    faults.add(ModelBundle.CROSS + " gives " + name + " as " + tensor + ", and " + ModelBundle.DECODER
                            + " takes " + network.inputs().get(name));
                }
            });
        }
    }

    /** Keys or values, in whichever type and order the decoder takes them: [window][head][?][?]. */
    private void checkCross(Map<String, OnnxSignature.Tensor> outputs, String name, long heads) {
        OnnxSignature.Tensor tensor = outputs.get(name);
        if (tensor == null) {
            faults.add(ModelBundle.CROSS + " has no output \"" + name + "\"");
        } else if (tensor.shape().size() != 4 || tensor.shape().get(1) != heads) {
            faults.add(ModelBundle.CROSS + " has the output \"" + name + "\" as " + tensor + ", which is not of "
                    + heads + " heads");
        }
    }

    private void checkHashes(ModelManifest manifest) throws IOException {
        Set<String> needed = new HashSet<>(Set.of(ModelBundle.NETWORK));
        if (manifest.architecture().vocabulary() > 0) {
            needed.add(ModelBundle.TOKENS);
        }
        if (manifest.architecture().decoder() != null) {
            needed.addAll(ModelBundle.DECODER_FILES);
        }
        List<String> all = new ArrayList<>(needed.stream().sorted().toList());
        for (String name : OPTIONAL) {
            if (files.has(name)) {
                all.add(name);
            }
        }
        for (String name : all) {
            if (!manifest.files().containsKey(name)) {
                faults.add(ModelBundle.MANIFEST + " gives no checksum of " + name);
            }
        }
        checkLanguage(manifest);
        for (Map.Entry<String, String> file : manifest.files().entrySet()) {
            String name = file.getKey();
            if (!files.has(name)) {
                if (!needed.contains(name)) {
                    faults.add(name + " is missing");
                }
                continue;
            }
            String actual = ModelBundle.sha256(files, name);
            if (!actual.equals(file.getValue())) {
                faults.add(name + " is damaged: its SHA-256 is " + actual + ", not " + file.getValue());
            }
        }
    }

    /** Language model and pronunciations, and the settings that they need. */
    private void checkLanguage(ModelManifest manifest) {
        Set<String> names = manifest.files().keySet();
        if (names.contains(ModelBundle.LANGUAGE_MODEL) && manifest.beam() == null) {
            faults.add(ModelBundle.MANIFEST + " gives no beam, which says how much " + ModelBundle.LANGUAGE_MODEL
                    + " weighs");
        }
        if (!names.contains(ModelBundle.LEXICON)) {
            if (manifest.lexicon() != null) {
                faults.add(ModelBundle.MANIFEST + " says how to search " + ModelBundle.LEXICON
                        + ", and gives no checksum of it");
            }
            return;
        }
        for (String name : List.of(ModelBundle.PHONES, ModelBundle.LANGUAGE_MODEL)) {
            if (!names.contains(name)) {
                faults.add(ModelBundle.LEXICON + " is of no use without " + name);
            }
        }
        if (manifest.lexicon() == null) {
            faults.add(ModelBundle.MANIFEST + " gives no lexicon, which says how to search " + ModelBundle.LEXICON);
        }
    }

    /** Whether a graph keeps state between the chunks of an utterance. */
    private static boolean streams(OnnxSignature signature) {
        return signature != null && signature.inputs().containsKey(StreamState.FIRST_STEP);
    }

    /** Names, types and ranks always; extents where both the graph and the architecture fix them. */
    private void checkNetwork(OnnxSignature signature, Architecture architecture) {
        boolean known = architecture != null;
        Tensors in = new Tensors(ModelBundle.NETWORK, "input", signature.inputs());
        Tensors out = new Tensors(ModelBundle.NETWORK, "output", signature.outputs());
        in.check("features", OnnxSignature.FLOAT, -1L, -1L, known ? (long) architecture.melBins() : -1L);
        in.check("lengths", OnnxSignature.INT64, -1L);
        if (!known || architecture.vocabulary() > 0) {
            out.check("log_probs", OnnxSignature.FLOAT, -1L, -1L, known ? (long) architecture.vocabulary() : -1L);
        }
        if (known && architecture.phones() > 0) {
            out.check("phone_log_probs", OnnxSignature.FLOAT, -1L, -1L, (long) architecture.phones());
        }
        if (known && architecture.decoder() != null) {
            out.check("encoded", OnnxSignature.FLOAT, -1L, -1L, (long) architecture.width());
        }
        out.check("output_lengths", OnnxSignature.INT64, -1L);
        if (!known || architecture.traced()) {
            long layers = known ? architecture.layers() : -1;
            out.check("expert_index", OnnxSignature.INT32, layers, -1L, -1L);
            out.check("expert_prob", OnnxSignature.FLOAT, layers, -1L, -1L);
        }
        Set<String> fed = new HashSet<>(Set.of("features", "lengths"));
        if (known && streams(signature)) {
            StreamState.inputs(architecture).forEach((name, extents) -> {
                boolean count = name.equals(StreamState.FIRST_STEP);
                in.check(name, count ? OnnxSignature.INT64 : OnnxSignature.FLOAT, extents);
                fed.add(name);
            });
            StreamState.outputs(architecture).forEach((name, extents) -> out.check(name, OnnxSignature.FLOAT, extents));
        }
        for (String name : signature.inputs().keySet()) {
            if (!fed.contains(name)) {
                faults.add(ModelBundle.NETWORK + " has an input \"" + name + "\" that nothing feeds");
            }
        }
    }

    /** The inputs or outputs of one graph. */
    private final class Tensors {
        private final String file;
        private final String kind;
        private final Map<String, OnnxSignature.Tensor> tensors;

        Tensors(String file, String kind, Map<String, OnnxSignature.Tensor> tensors) {
            this.file = file;
            this.kind = kind;
            this.tensors = tensors;
        }

        void check(String name, int type, Long... extents) {
            OnnxSignature.Tensor wanted = new OnnxSignature.Tensor(type, List.of(extents));
            OnnxSignature.Tensor found = tensors.get(name);
            if (found == null) {
                faults.add(file + " has no " + kind + " \"" + name + "\"");
                return;
            }
            boolean fits = found.type() == type && found.shape().size() == extents.length;
            for (int i = 0; fits && i < extents.length; i++) {
                long extent = found.shape().get(i);
                fits = extent == extents[i] || extent < 0 || extents[i] < 0;
            }
            if (!fits) {
                faults.add(file + " has the " + kind + " \"" + name + "\" as " + found + ", not " + wanted);
            }
        }
    }
}
