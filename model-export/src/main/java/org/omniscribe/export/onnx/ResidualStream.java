package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT64;
import static org.omniscribe.export.onnx.NetworkContext.BATCH;
import static org.omniscribe.export.onnx.NetworkContext.STEPS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The steps of a batch on their way through the layers, a value that each layer takes and gives on.
 *
 * @param value what layers add to, [B,R,d]; R is T, or once routings have parted, the steps of all of them in a row
 * @param addition what is still to be added to it, likewise; null for nothing
 * @param inside whether a step lies within its utterance: [B,R]
 * @param insideFactor the same as 1 or 0: [B,R,1]
 * @param routings routings that go side by side: 1 before they have parted
 */
record ResidualStream(Value value, Value addition, Value inside, Value insideFactor, int routings) {
    private static final float EPSILON = 1e-5f;

    /**
     * A stream through a layer norm.
     *
     * @param value what came out
     * @param stream the stream behind it, with nothing left to be added
     */
    record Normed(Value value, ResidualStream stream) {}

    /** The stream before the first layer. */
    static ResidualStream of(Value value, Value inside) {
        return new ResidualStream(value, null, inside, inside.cast(FLOAT).unsqueeze(2), 1);
    }

    /** This stream with the output of a block to be added. */
    ResidualStream plus(Value output) {
        return new ResidualStream(value, output, inside, insideFactor, routings);
    }

    /** The axis of steps. */
    Dim rows() {
        return routings == 1 ? STEPS : STEPS.times(Dim.of(routings));
    }

    /** The stream through a layer norm; runtimes do what is to be added and the norm in one go. */
    Normed norm(NetworkContext network, String name) {
        Value weight = network.tensor(name + ".weight");
        Value bias = network.tensor(name + ".bias");
        if (addition == null) {
            return new Normed(value.layerNorm(weight, bias, EPSILON), this);
        }
        List<Value> both = value.addAndLayerNorm(addition, weight, bias, EPSILON);
        return new Normed(both.get(0), new ResidualStream(both.get(1), null, inside, insideFactor, routings));
    }

    /** The state of every step, once for each routing; what belongs to steps goes along. */
    ResidualStream part(int samples) {
        Value whole = addition == null ? value : value.add(addition);
        ResidualStream parted = new ResidualStream(whole, null, inside, insideFactor, samples);
        return new ResidualStream(
                parted.repeated(whole, 1), null, parted.repeated(inside, 1), parted.repeated(insideFactor, 1), samples);
    }

    /** A value whose axis of steps is repeated for each routing. */
    Value repeated(Value whole, int axis) {
        List<Dim> apart = new ArrayList<>(whole.shape());
        apart.add(axis, Dim.of(routings));
        List<Dim> together = new ArrayList<>(whole.shape());
        together.set(axis, rows());
        return whole.unsqueeze(axis).expand(apart.toArray(Dim[]::new)).reshape(together.toArray(Dim[]::new));
    }

    /** What the first routing says of its steps: [B,T,...] of [B,R,...]. */
    Value first(Value all) {
        if (routings == 1) {
            return all;
        }
        List<Dim> apart = new ArrayList<>(all.shape());
        apart.set(1, STEPS);
        apart.add(1, Dim.of(routings));
        return all.reshape(apart.toArray(Dim[]::new)).gather(all.graph().scalar(INT64, 0), 1);
    }

    /** The mean over the routings: [B,T,...] of [B,R,...]. */
    Value mean(Value all) {
        if (routings == 1) {
            return all;
        }
        Dim last = all.dim(2);
        float[] shares = new float[routings];
        Arrays.fill(shares, 1f / routings);
        return all.graph()
                .constant("shares", new long[] {1, routings}, shares)
                .matmul(all.reshape(BATCH, Dim.of(routings), STEPS.times(last)))
                .reshape(BATCH, STEPS, last);
    }
}
