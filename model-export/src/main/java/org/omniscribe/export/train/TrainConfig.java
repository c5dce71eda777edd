package org.omniscribe.export.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Activation;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.ArchitectureJson;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Gate;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;

/**
 * A training recipe, read from JSON. Its paths are relative to a folder of data that is named apart; those of {@code
 * tokens}, {@code phones} and {@code from} to the recipe's own folder where they are there.
 *
 * @param name of the run
 * @param network the shape of the network; null where {@code start} has it
 * @param tokens {@code "characters"}, or the path of a SentencePiece model
 * @param phones a pronunciation dictionary in the format of CMUdict, whose phones the network is to write on a second
 *     read-out; null for none
 * @param from a checkpoint whose weights the run starts from, where names and shapes agree; null for none
 * @param start folder of an upcycled network that the run goes on from, with its features and weights; null for none
 * @param tuning how weights that were there before are changed; null for like all others
 * @param distillation what an attention decoder adds to the loss; null for nothing
 * @param corpora what to train on
 * @param dev what to measure on
 * @param noise recordings that are mixed in, files or folders of them; may be empty
 * @param rooms room impulse responses, files or folders of them; may be empty
 * @param copies how each utterance is rendered into the feature cache; an epoch takes one copy of each at random
 * @param minSeconds shorter utterances are left out
 * @param maxSeconds longer utterances are left out
 * @param steps updates of the whole run
 * @param batchSeconds padded audio of a batch
 * @param rate highest learning rate
 * @param warmup updates over which the rate rises from 0
 * @param decay weight decay
 * @param average decay of the running average of weights
 * @param balance weight of the load-balance loss
 * @param routerNoise standard deviation of noise on router logits
 * @param dropout share of channels dropped from residual branches
 * @param layerDrop probability of skipping a layer
 * @param intermediate layer with a second read-out, 0 for none
 * @param intermediateWeight share of the loss that the second read-out gets, 0..1
 * @param phonesWeight share of the loss that the phone read-out gets, 0..1
 * @param maskFrom update from which SpecAugment is on
 * @param timeMasks SpecAugment: masks along time
 * @param timeMaskFrames SpecAugment: longest of them, in frames
 * @param melMasks SpecAugment: masks along the mel axis
 * @param melMaskBins SpecAugment: widest of them
 * @param warp largest relative warp of the mel axis and of tempo, 0 for none
 * @param chunks attention chunks to draw from, in steps; 0 stands for full context
 * @param seed of all randomness
 * @param matmul precision of matrix products
 * @param evalEvery updates between measurements on dev
 * @param saveEvery updates between saved states
 */
public record TrainConfig(
        String name,
        Network network,
        String tokens,
        String phones,
        String from,
        String start,
        Tuning tuning,
        Distillation distillation,
        List<Corpus> corpora,
        List<Dev> dev,
        List<String> noise,
        List<String> rooms,
        List<Perturbation> copies,
        double minSeconds,
        double maxSeconds,
        int steps,
        double batchSeconds,
        double rate,
        int warmup,
        float decay,
        float average,
        double balance,
        float routerNoise,
        float dropout,
        float layerDrop,
        int intermediate,
        double intermediateWeight,
        double phonesWeight,
        int maskFrom,
        int timeMasks,
        int timeMaskFrames,
        int melMasks,
        int melMaskBins,
        double warp,
        List<Integer> chunks,
        long seed,
        Torch.MatmulPrecision matmul,
        int evalEvery,
        int saveEvery) {

    /**
     * The shape of the network without its vocabulary, which comes from the tokens. Recipes may also have the flat form of
     * bundles of format 1.
     *
     * @param experts layers and their experts, such as "6x2-6x4"
     * @param gate what the output of the chosen expert is multiplied by; its probability unless given
     * @param activation what experts apply between their linear layers; RELU unless given
     */
    public record Network(
            Subsampling subsampling,
            int width,
            int heads,
            int mlpWidth,
            String experts,
            Routing routing,
            Gate gate,
            Activation activation,
            Position position,
            Attention attention,
            int convKernel) {
        /** The architecture with an input and its CTC heads. */
        public Architecture architecture(int melBins, int vocabulary, int phones) {
            return Architecture.builder()
                    .melBins(melBins)
                    .subsampling(subsampling)
                    .width(width)
                    .heads(heads)
                    .mlpWidth(mlpWidth)
                    .experts(experts)
                    .routing(routing)
                    .gate(gate)
                    .activation(activation)
                    .position(position)
                    .attention(attention)
                    .convKernel(convKernel)
                    .vocabulary(vocabulary)
                    .phones(phones)
                    .build();
        }
    }

    /**
     * How a network that can do something already is trained on.
     *
     * @param headUpdates updates at the beginning in which only weights that are new are trained: heads and routers
     * @param bodyRate learning rate of the other weights, as a share of that of the new ones
     * @param layerDecay what the rate of a layer is multiplied by for each layer above it, so that lower layers change less
     * @param gateUpdates updates over which the share of the router's probability in the gate rises to 1; 0 to leave it
     */
    public record Tuning(int headUpdates, double bodyRate, double layerDecay, int gateUpdates) {
        static final Tuning NONE = new Tuning(0, 1, 1, 0);

        /** Checks all fields and reports every fault at once. */
        public Tuning {
            Faults faults = new Faults();
            if (headUpdates < 0 || gateUpdates < 0) {
                faults.add(
                        "headUpdates and gateUpdates must be at least 0, not " + headUpdates + " and " + gateUpdates);
            }
            if (!(bodyRate > 0 && bodyRate <= 1) || !(layerDecay > 0 && layerDecay <= 1)) {
                faults.add("bodyRate and layerDecay must be above 0 and at most 1, not " + bodyRate + " and "
                        + layerDecay);
            }
            faults.orThrow();
        }
    }

    /**
     * Keeps an attention decoder able to read the encoder: the decoder stays as it is, and the encoder is trained so that
     * the decoder says of the reference text what it says when a teacher's encoder is in its place.
     *
     * @param teacher folder of the dense network, as {@code omniscribe upcycle --routing dense} writes it
     * @param weight of the divergence a token, beside the CTC loss a character
     * @param ctcWeight of the CTC loss a character
     * @param paddingSeconds silence behind what the teacher hears, which is used to 30 s in all
     * @param correction share of the probability of other words that goes to the word of the reference, 0 to 1; how a word
     *     is written, and punctuation, stay as the teacher has them
     */
    public record Distillation(
            String teacher, double weight, double ctcWeight, double paddingSeconds, double correction) {
        /** Checks all fields and reports every fault at once. */
        public Distillation {
            Faults faults = new Faults();
            if (teacher == null || teacher.isBlank()) {
                faults.add("teacher is missing");
            }
            if (!(weight > 0) || !(ctcWeight >= 0)) {
                faults.add("weight must be positive and ctcWeight at least 0, not " + weight + " and " + ctcWeight);
            }
            if (!(paddingSeconds >= 0 && paddingSeconds <= 30)) {
                faults.add("paddingSeconds must be from 0 to 30, not " + paddingSeconds);
            }
            if (!(correction >= 0 && correction <= 1)) {
                faults.add("correction must be from 0 to 1, not " + correction);
            }
            faults.orThrow();
        }
    }

    /**
     * A corpus with its share.
     *
     * @param manifest path of its manifest
     * @param weight times that an epoch takes each utterance, on average
     */
    public record Corpus(String manifest, double weight) {}

    /**
     * A set to measure on.
     *
     * @param name of the set in log and curve
     * @param manifest path of its manifest
     */
    public record Dev(String name, String manifest) {}

    /** Checks all fields and reports every fault at once. */
    public TrainConfig {
        Faults faults = new Faults();
        if (name == null || name.isBlank()) {
            faults.add("name is missing");
        }
        if ((network == null) == (start == null)) {
            faults.add(
                    network == null
                            ? "network is missing; so is start, which could have it"
                            : "network and start are both given; leave out network");
        }
        if (network != null) {
            try {
                network.architecture(80, 2, 0);
            } catch (IllegalArgumentException e) {
                faults.add("network: " + e.getMessage());
            }
        }
        tokens = tokens == null ? "characters" : tokens;
        tuning = tuning == null ? Tuning.NONE : tuning;
        if (distillation != null && start == null) {
            faults.add("distillation needs a start that has a decoder");
        }
        corpora = corpora == null ? List.of() : List.copyOf(corpora);
        dev = dev == null ? List.of() : List.copyOf(dev);
        noise = noise == null ? List.of() : List.copyOf(noise);
        rooms = rooms == null ? List.of() : List.copyOf(rooms);
        copies = copies == null || copies.isEmpty() ? List.of(Perturbation.NONE) : List.copyOf(copies);
        chunks = chunks == null || chunks.isEmpty() ? List.of(0) : List.copyOf(chunks);
        matmul = matmul == null ? Torch.MatmulPrecision.HIGHEST : matmul;
        if (corpora.isEmpty()) {
            faults.add("corpora is empty");
        }
        if (corpora.stream().anyMatch(c -> c.manifest() == null || !(c.weight() > 0))) {
            faults.add("a corpus needs a manifest and a positive weight");
        }
        if (dev.stream().anyMatch(d -> d.manifest() == null || d.name() == null)) {
            faults.add("a dev set needs a name and a manifest");
        }
        faults.positive("maxSeconds", maxSeconds);
        faults.positive("steps", steps);
        faults.positive("batchSeconds", batchSeconds);
        faults.positive("rate", rate);
        faults.positive("evalEvery", evalEvery);
        faults.positive("saveEvery", saveEvery);
        faults.shareBelowOne("average", average);
        faults.shareBelowOne("dropout", dropout);
        faults.shareBelowOne("layerDrop", layerDrop);
        faults.shareBelowOne("intermediateWeight", intermediateWeight);
        faults.shareBelowOne("phonesWeight", phonesWeight);
        faults.shareBelowOne("warp", warp);
        if (intermediateWeight + phonesWeight >= 1) {
            faults.add("intermediateWeight and phonesWeight leave nothing of the loss to the text");
        }
        if ((phones == null) != (phonesWeight == 0)) {
            faults.add(
                    phones == null
                            ? "phonesWeight asks for phones, but phones names nothing"
                            : "phones are named, but phonesWeight is 0");
        }
        if (batchSeconds < maxSeconds) {
            faults.add("batchSeconds " + batchSeconds + " is less than maxSeconds " + maxSeconds);
        }
        if (copies.stream().anyMatch(c -> c.noiseShare() > 0) && noise.isEmpty()) {
            faults.add("copies ask for noise, but noise names nothing");
        }
        if (copies.stream().anyMatch(c -> c.roomShare() > 0) && rooms.isEmpty()) {
            faults.add("copies ask for rooms, but rooms names nothing");
        }
        faults.orThrow();
    }

    private static final String REMEDY = " Fix the file and start again.";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    /**
     * Reads a recipe.
     *
     * @throws RecipeException naming the file and everything that is wrong in it
     */
    public static TrainConfig read(Path file) {
        Faults faults = new Faults();
        TrainConfig config;
        try {
            JsonNode tree =
                    JsonReader.ofCommented(Files.readAllBytes(file), faults).node();
            if (tree.path("network") instanceof ObjectNode network) {
                ((ObjectNode) tree).set("network", ArchitectureJson.nested(network));
            }
            config = JsonReader.of(tree, faults).partial(TrainConfig.class);
        } catch (IOException e) {
            String fault = Files.exists(file) ? "cannot be read (" + FailureText.reason(e) + ")" : "does not exist";
            throw new RecipeException(
                    "the recipe " + file + " " + fault + "; name a JSON file such as model-export/recipes/base.json",
                    e);
        }
        faults.orThrow(all -> new RecipeException("cannot use the recipe " + file + ": " + all + "." + REMEDY));
        return config;
    }

    /** The recipe as JSON, every default written out. */
    public JsonNode toJson() {
        return JSON.valueToTree(this);
    }
}
