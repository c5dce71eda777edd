package org.omniscribe.export.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;

/** One update: forward, CTC loss, backward, optimiser. */
final class TrainingStep {
    private final OmniRouterNet net;
    private final AdamW optimizer;
    private final NDManager manager;
    private final double balanceWeight;
    private final double intermediateWeight;

    /**
     * What an update gave.
     *
     * @param loss CTC loss of the final read-out, summed over the batch
     * @param intermediateLoss CTC loss of the intermediate read-out, 0 without one
     * @param balance load-balance loss
     * @param norm norm of the gradient before clipping; if it is not finite nothing was changed
     */
    record Result(double loss, double intermediateLoss, double balance, double norm) {}

    /**
     * For a network and its optimiser.
     *
     * @param manager parent of what a step allocates
     * @param balanceWeight weight of the load-balance loss a token
     * @param intermediateWeight share of the intermediate read-out in the loss
     */
    TrainingStep(
            OmniRouterNet net, AdamW optimizer, NDManager manager, double balanceWeight, double intermediateWeight) {
        this.net = net;
        this.optimizer = optimizer;
        this.manager = manager;
        this.balanceWeight = balanceWeight;
        this.intermediateWeight = intermediateWeight;
    }

    /** Trains on a batch, with losses taken a token. */
    Result run(Batch batch, OmniRouterNet.Mode mode, double rate) {
        long tokens = Math.max(1, batch.tokens());
        double[] losses = new double[2];
        double balance = 0;
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Torch.engine().newGradientCollector()) {
            OmniRouterNet.Output output = net.forward(features(batch, step), batch.frames(), mode);
            int readOuts = output.logProbs().size();
            NDArray total = null;
            for (int i = 0; i < readOuts; i++) {
                NDArray logProbs = output.logProbs().get(i);
                CtcLoss.Result ctc = ctc(logProbs, output.lengths(), batch);
                losses[i] = ctc.total();
                double share = readOuts == 1 ? 1 : i == 0 ? 1 - intermediateWeight : intermediateWeight;
                float[] gradient = ctc.gradient();
                for (int g = 0; g < gradient.length; g++) {
                    gradient[g] *= (float) share;
                }
                // The derivative of this product by the log-probabilities is the gradient of the loss.
                NDArray term = logProbs.mul(Torch.array(step, gradient, logProbs.getShape()))
                        .sum();
                total = total == null ? term : total.add(term);
            }
            if (output.balance() != null) {
                balance = output.balance().toFloatArray()[0];
                NDArray weight = step.full(new Shape(1), (float) (balanceWeight * tokens));
                total = total.add(output.balance().mul(weight).sum());
            }
            collector.backward(total);
            return new Result(losses[0], losses[1], balance, optimizer.step(rate, 1.0 / tokens));
        }
    }

    /** A batch as the network takes it. */
    static NDArray features(Batch batch, NDManager step) {
        int bins = batch.features().length / (batch.size() * batch.paddedFrames());
        return Torch.array(step, batch.features(), new Shape(batch.size(), batch.paddedFrames(), bins));
    }

    /** The CTC loss of a read-out. */
    static CtcLoss.Result ctc(NDArray logProbs, int[] lengths, Batch batch) {
        long[] shape = logProbs.getShape().getShape();
        return CtcLoss.compute(Torch.values(logProbs), (int) shape[1], (int) shape[2], lengths, batch.targets());
    }
}
