package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.model.Vocabulary;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.score.Score;

/** The dev sets of a recipe, and the greedy error rates of a network on them. */
final class DevSets {
    private final Map<String, List<Batch>> sets = new LinkedHashMap<>();
    private final Tokenizer tokenizer;
    private final PhoneTargets phones;
    private final NDManager manager;
    private final Consumer<String> log;

    DevSets(
            TrainConfig config,
            Path base,
            FeatureCache features,
            FeatureSpec spec,
            Tokenizer tokenizer,
            PhoneTargets phones,
            NDManager manager,
            Consumer<String> log) {
        this.tokenizer = tokenizer;
        this.phones = phones;
        this.manager = manager;
        this.log = log;
        for (TrainConfig.Dev set : config.dev()) {
            sets.put(
                    set.name(),
                    TrainingData.dev(
                            base.resolve(set.manifest()).normalize(),
                            features,
                            spec,
                            tokenizer,
                            phones,
                            config.batchSeconds()));
        }
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return sets.isEmpty();
    }

    /** What came of one set. */
    private static final class Sum {
        Score score = Score.NONE;
        Score phones = Score.NONE;
        double loss;
        double phonesLoss;
        long tokens;
    }

    /**
     * Measures a network.
     *
     * @param line gets an object for each set
     * @param text gets the same for people
     * @return mean character error rate of the sets; 0 without any
     */
    double measure(OmniRouterNet net, OmniRouterNet.Mode mode, ObjectNode line, StringBuilder text) {
        double rates = 0;
        for (Map.Entry<String, List<Batch>> set : sets.entrySet()) {
            Sum sum = new Sum();
            for (Batch batch : set.getValue()) {
                String first = add(sum, net, mode, batch);
                if (set.getValue().get(0) == batch) {
                    log.accept("  " + set.getKey() + ": " + batch.texts().get(0) + " | " + first);
                }
            }
            rates += sum.score.cer();
            report(set.getKey(), sum, line, text);
        }
        return isEmpty() ? 0 : rates / sets.size();
    }

    /** Adds a batch and gives what was recognised in its first utterance. */
    private String add(Sum sum, OmniRouterNet net, OmniRouterNet.Mode mode, Batch batch) {
        try (NDManager pass = manager.newSubManager()) {
            OmniRouterNet.Output output = net.forward(TrainingStep.features(batch, pass), batch.frames(), mode);
            NDArray logProbs = output.logProbs();
            sum.loss += TrainingStep.ctc(logProbs, output.lengths(), batch.targets())
                    .total();
            sum.tokens += batch.tokens();
            List<String> texts = greedy(logProbs, output.lengths(), tokenizer.vocabulary());
            for (int b = 0; b < batch.size(); b++) {
                sum.score = sum.score.plus(Score.of(batch.texts().get(b), texts.get(b), EditCosts.UNIT));
            }
            if (output.phones() != null) {
                sum.phones = sum.phones.plus(phoneScore(batch, output));
                sum.phonesLoss += TrainingStep.ctc(output.phones(), output.lengths(), batch.phones())
                        .total();
            }
            return texts.get(0);
        }
    }

    private void report(String name, Sum sum, ObjectNode line, StringBuilder text) {
        long tokens = Math.max(1, sum.tokens);
        ObjectNode entry = line.putObject(name);
        entry.put("cer", Trainer.rounded(sum.score.cer()));
        entry.put("wer", Trainer.rounded(sum.score.wer()));
        entry.put("loss", Trainer.rounded(sum.loss / tokens));
        if (phones != null) {
            entry.put("per", Trainer.rounded(sum.phones.wer()));
            entry.put("phonesLoss", Trainer.rounded(sum.phonesLoss / tokens));
            text.append(String.format("  %s PER %.1f", name, 100 * sum.phones.wer()));
        }
        text.append(String.format(
                "  %s CER %.1f WER %.1f loss %.3f",
                name, 100 * sum.score.cer(), 100 * sum.score.wer(), sum.loss / tokens));
    }

    /** Errors of the likeliest phones of every step, of the utterances whose phones are known. */
    private Score phoneScore(Batch batch, OmniRouterNet.Output output) {
        Score score = Score.NONE;
        List<String> written = greedy(output.phones(), output.lengths(), phones.vocabulary());
        for (int b = 0; b < batch.size(); b++) {
            if (batch.phones()[b] != null) {
                score = score.plus(
                        Score.of(phones.vocabulary().text(batch.phones()[b]), written.get(b), EditCosts.UNIT));
            }
        }
        return score;
    }

    /** Best path of each utterance: the most probable token of each step, repeats collapsed, blanks dropped. */
    private static List<String> greedy(NDArray logProbs, int[] lengths, Vocabulary vocabulary) {
        float[] values = Torch.values(logProbs);
        int steps = (int) logProbs.getShape().get(1);
        int tokens = (int) logProbs.getShape().get(2);
        List<String> texts = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            int[] ids = new int[lengths[b]];
            int count = 0;
            int previous = Vocabulary.BLANK_ID;
            for (int t = 0; t < lengths[b]; t++) {
                int from = (b * steps + t) * tokens;
                int best = 0;
                for (int v = 1; v < tokens; v++) {
                    if (values[from + v] > values[from + best]) {
                        best = v;
                    }
                }
                if (best != Vocabulary.BLANK_ID && best != previous) {
                    ids[count++] = best;
                }
                previous = best;
            }
            texts.add(vocabulary.text(Arrays.copyOf(ids, count)));
        }
        return texts;
    }
}
