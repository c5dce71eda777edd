package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;

/** One update: forward, CTC loss, backward, optimiser. */
final class TrainingStep {
    private final OmniRouterNet net;
    private final AdamW optimizer;
    private final NDManager manager;
    private final Weights weights;
    private final Teacher teacher;

    /**
     * Weights of the parts of the loss.
     *
     * @param ctc of the CTC losses a token, 1 without a teacher
     * @param balance of the load-balance loss a token
     * @param intermediate share of the intermediate head in the CTC losses
     * @param phones share of the phone head in the CTC losses
     * @param teacher of the divergence from the teacher a token of its own
     */
    record Weights(double ctc, double balance, double intermediate, double phones, double teacher) {}

    /**
     * What an update gave.
     *
     * @param loss CTC loss of the final read-out, summed over the batch
     * @param phonesLoss CTC loss of the phone read-out, 0 without one
     * @param intermediateLoss CTC loss of the intermediate read-out, 0 without one
     * @param balance load-balance loss
     * @param divergence Kullback–Leibler divergence from the teacher, summed over its tokens; 0 without one
     * @param places tokens of the teacher
     * @param norm norm of the gradient before clipping; if it is not finite nothing was changed
     */
    record Result(
            double loss,
            double phonesLoss,
            double intermediateLoss,
            double balance,
            double divergence,
            int places,
            double norm) {}

    /**
     * For a network and its optimiser.
     *
     * @param manager parent of what a step allocates
     * @param weights of the parts of the loss
     * @param teacher what the encoder is kept readable for; null for nothing
     */
    TrainingStep(OmniRouterNet net, AdamW optimizer, NDManager manager, Weights weights, Teacher teacher) {
        this.net = net;
        this.optimizer = optimizer;
        this.manager = manager;
        this.weights = weights;
        this.teacher = teacher;
    }

    /** Trains on a batch, with losses taken a token. */
    Result run(Batch batch, OmniRouterNet.Mode mode, double rate) {
        long tokens = Math.max(1, batch.tokens());
        double phonesLoss = 0;
        double intermediateLoss = 0;
        double balance = 0;
        double divergence = 0;
        // Before gradients are recorded, as the teacher may have to be asked.
        List<TeacherTargets> lessons = teacher == null ? List.of() : teacher.targets(batch.lessons());
        int places = lessons.stream().mapToInt(TeacherTargets::places).sum();
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Torch.engine().newGradientCollector()) {
            OmniRouterNet.Output output = net.forward(features(batch, step), batch.frames(), mode);
            boolean intermediate = output.intermediate() != null;
            double phonesShare = output.phones() == null ? 0 : weights.phones() * weights.ctc();
            double intermediateShare = intermediate ? weights.intermediate() * weights.ctc() : 0;
            ReadOut text = readOut(
                    output.logProbs(),
                    output.lengths(),
                    batch.targets(),
                    weights.ctc() - phonesShare - intermediateShare,
                    step);
            NDArray total = text.term();
            if (phonesShare > 0) {
                ReadOut phones = readOut(output.phones(), output.lengths(), batch.phones(), phonesShare, step);
                phonesLoss = phones.loss();
                total = total.add(phones.term());
            }
            if (intermediate) {
                int[][] targets = output.phones() == null ? batch.targets() : batch.phones();
                ReadOut middle = readOut(output.intermediate(), output.lengths(), targets, intermediateShare, step);
                intermediateLoss = middle.loss();
                total = total.add(middle.term());
            }
            if (output.balance() != null) {
                balance = output.balance().toFloatArray()[0];
                NDArray weight = step.full(new Shape(1), (float) (weights.balance() * tokens));
                total = total.add(output.balance().mul(weight).sum());
            }
            if (places > 0) {
                NDArray crossEntropy = TeacherTargets.crossEntropy(said(output, lessons), lessons);
                divergence = crossEntropy.toFloatArray()[0]
                        - lessons.stream().mapToDouble(TeacherTargets::entropy).sum();
                NDArray weight = step.full(new Shape(1), (float) (weights.teacher() * tokens / places));
                total = total.add(crossEntropy.mul(weight).sum());
            }
            collector.backward(total);
            double norm = optimizer.step(rate, 1.0 / tokens);
            return new Result(text.loss(), phonesLoss, intermediateLoss, balance, divergence, places, norm);
        }
    }

    /** What the teacher's decoder says when it reads this encoder. */
    private NDArray said(OmniRouterNet.Output output, List<TeacherTargets> lessons) {
        int[][] tokens = lessons.stream().map(TeacherTargets::tokens).toArray(int[][]::new);
        return teacher.decoder()
                .logProbs(
                        output.states(),
                        output.lengths(),
                        tokens,
                        lessons.get(0).first());
    }

    /** The loss of a read-out, and a term whose derivatives are those of its share in the loss. */
    private record ReadOut(double loss, NDArray term) {}

    private static ReadOut readOut(NDArray logProbs, int[] lengths, int[][] targets, double share, NDManager step) {
        CtcLoss.Result ctc = ctc(logProbs, lengths, targets);
        float[] gradient = ctc.gradient();
        for (int g = 0; g < gradient.length; g++) {
            gradient[g] *= (float) share;
        }
        // The derivative of this product by the log-probabilities is the gradient of the loss.
        NDArray term =
                logProbs.mul(Torch.array(step, gradient, logProbs.getShape())).sum();
        return new ReadOut(ctc.total(), term);
    }

    /** A batch as the network takes it. */
    static NDArray features(Batch batch, NDManager step) {
        int bins = batch.features().length / (batch.size() * batch.paddedFrames());
        return Torch.array(step, batch.features(), new Shape(batch.size(), batch.paddedFrames(), bins));
    }

    /** The CTC loss of a read-out. */
    static CtcLoss.Result ctc(NDArray logProbs, int[] lengths, int[][] targets) {
        long[] shape = logProbs.getShape().getShape();
        return CtcLoss.compute(Torch.values(logProbs), (int) shape[1], (int) shape[2], lengths, targets);
    }
}
