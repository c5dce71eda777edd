package org.omniscribe.export.onnx;

import static org.omniscribe.export.onnx.ElementType.FLOAT;
import static org.omniscribe.export.onnx.ElementType.INT32;
import static org.omniscribe.export.onnx.ElementType.INT64;
import static org.omniscribe.export.onnx.NetworkContext.BATCH;
import static org.omniscribe.export.onnx.NetworkContext.STEPS;
import static org.omniscribe.export.onnx.NetworkContext.UNSEEN;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.omniscribe.asr.model.Activation;
import org.omniscribe.asr.model.Architecture;

/** The feed-forward blocks of all layers, routed or dense, and the trace of the chosen experts. */
final class ExpertGraph {
    private static final int NOISE_STEPS = 4096;
    private static final long NOISE_SEED = 20250921;

    private final NetworkContext network;
    private final OnnxGraph graph;
    private final Architecture architecture;
    private final Matrices matrices;
    private final RoutingMode mode;
    private final List<Value> index = new ArrayList<>();
    private final List<Value> probability = new ArrayList<>();

    ExpertGraph(NetworkContext network) {
        this.network = network;
        this.graph = network.graph();
        this.architecture = network.architecture();
        this.matrices = network.matrices();
        this.mode = network.options().mode();
    }

    /**
     * The steps of a routed layer, flat.
     *
     * @param h what experts take, [N,d]
     * @param inside whether a step lies within its utterance, [N]
     * @param probabilities the router's, [N,E]
     * @param layer the layer's number
     * @param plan which experts do whose work
     */
    private record Routed(Value h, Value inside, Value probabilities, int layer, ExpertPlan.Layer plan) {
        String experts() {
            return "layers." + layer + ".ffn.experts.";
        }
    }

    /** The stream with the output of a layer's experts to be added. */
    ResidualStream layer(ResidualStream before, int layer) {
        String name = "layers." + layer + ".ffn.";
        ResidualStream.Normed h = before.norm(network, name + "norm");
        ResidualStream stream = h.stream();
        if (!architecture.routed(layer)) {
            Value inside = stream.inside();
            index.add(stream.first(inside.choose(graph.scalar(INT32, 0), graph.scalar(INT32, -1)))
                    .unsqueeze(0));
            probability.add(stream.first(inside.cast(FLOAT)).unsqueeze(0));
            return stream.plus(expert(matrices.operand(h.value()), name + "experts.0"));
        }
        Dim all = BATCH.times(stream.rows());
        Value flat = h.value().reshape(all, network.width());
        Value logits = logits(flat, layer);
        Routed steps = new Routed(
                flat,
                stream.inside().reshape(all),
                logits.softmax(),
                layer,
                network.options().plan().layers().get(layer));
        boolean one = stream.routings() == 1;
        Value choice = one
                ? steps.probabilities().argMax()
                : logits.add(noise(stream, layer)).softmax().argMax();
        Value likelihood = one ? steps.probabilities().largest() : of(choice, steps.probabilities());
        Value outside = graph.scalar(0f);
        index.add(traced(
                stream, steps.inside().choose(choice, graph.scalar(INT64, -1)).cast(INT32)));
        probability.add(traced(stream, steps.inside().choose(likelihood, outside)));
        if (mode instanceof RoutingMode.Observed observed) {
            observe(steps, stream, observed.outputs());
        }
        Value mixed;
        if (mode instanceof RoutingMode.TopP topP) {
            mixed = likeliest(steps, (float) topP.mass());
        } else {
            Value gate = steps.inside().choose(gate(likelihood), outside);
            mixed = chosen(steps, choice).mul(gate.unsqueeze(1));
        }
        return stream.plus(mixed.reshape(BATCH, stream.rows(), network.width()));
    }

    /** Adds the outputs {@code expert_index} and {@code expert_prob}. */
    void trace() {
        Dim layers = Dim.of(architecture.layers());
        graph.output("expert_index", graph.concat(0, index), INT32, layers, BATCH, STEPS);
        graph.output("expert_prob", graph.concat(0, probability), FLOAT, layers, BATCH, STEPS);
    }

    /** What the output of an expert of this probability is multiplied by. */
    private Value gate(Value likelihood) {
        float share = (float) architecture.gate().share();
        return share == 1 ? likelihood : likelihood.mul(graph.scalar(share)).add(graph.scalar(1 - share));
    }

    /** One number a step, of the first routing: [1,B,T] of [N]. */
    private Value traced(ResidualStream stream, Value flat) {
        Value values = stream.routings() == 1 ? flat : stream.first(flat.reshape(BATCH, stream.rows()));
        return values.reshape(Dim.ONE, BATCH, STEPS);
    }

    /** What the router makes of each step: [N,E]; experts that are closed are out of reach. */
    private Value logits(Value flat, int layer) {
        String router = "routers." + architecture.routerGroup(layer);
        Value logits = matrices.exactProduct(
                        flat,
                        router + ".weight",
                        network.parameters().read(router + ".weight").data())
                .add(network.tensor(router + ".bias"));
        List<Boolean> open = network.options().plan().layers().get(layer).open();
        if (!open.contains(false)) {
            return logits;
        }
        float[] closed = new float[open.size()];
        for (int e = 0; e < closed.length; e++) {
            closed[e] = open.get(e) ? 0 : UNSEEN;
        }
        return logits.add(graph.constant("closed", new long[] {closed.length}, closed));
    }

    /**
     * Gumbel noise for every routing but the first, the same for every utterance: [B*routings*T,E]. It is read from a table
     * at places that differ between routings and layers.
     */
    private Value noise(ResidualStream stream, int layer) {
        int samples = stream.routings();
        int experts = architecture.experts().get(layer);
        double temperature = ((RoutingMode.Sampled) mode).temperature();
        Random random = new Random(NOISE_SEED + layer);
        float[] table = new float[NOISE_STEPS * experts];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) (-temperature * Math.log(-Math.log(1 - random.nextDouble())));
        }
        float[] factors = new float[samples];
        Arrays.fill(factors, 1, samples, 1f);
        Value starts = graph.sizes(
                Dim.list(random.ints(samples, 0, NOISE_STEPS).asLongStream().toArray()));
        Value places =
                graph.range(INT64, STEPS).unsqueeze(0).add(starts.unsqueeze(1)).mod(graph.scalar(INT64, NOISE_STEPS));
        Dim[] apart = {BATCH, Dim.of(samples), STEPS, Dim.of(experts)};
        return graph.constant("noise", new long[] {NOISE_STEPS, experts}, table)
                .gather(places, 0)
                .mul(graph.constant("factors", new long[] {samples, 1, 1}, factors))
                .unsqueeze(0)
                .expand(apart)
                .reshape(BATCH.times(stream.rows()), Dim.of(experts));
    }

    /** The entry of each row that an index names: [N] of [N] and [N,E]. */
    private Value of(Value number, Value values) {
        return graph.range(INT64, values.dim(1))
                .unsqueeze(0)
                .equal(number.unsqueeze(1))
                .choose(values, graph.scalar(0f))
                .largest();
    }

    /**
     * Each step through the one expert that was chosen for it, zeros for those outside: [N,d]. Steps are sorted by their
     * experts, computed so, and put back.
     */
    private Value chosen(Routed steps, Value choice) {
        ExpertPlan.Layer plan = steps.plan();
        Value worker = choice;
        if (!plan.unchanged()) {
            long[] sources = plan.source().stream().mapToLong(s -> s).toArray();
            worker = graph.sizes(Dim.list(sources)).gather(choice, 0);
        }
        // Those outside come last.
        worker = steps.inside().choose(worker, graph.scalar(INT64, plan.experts()));
        List<Integer> stored = plan.stored();
        long[] workers = LongStream.concat(stored.stream().mapToLong(e -> e), LongStream.of(plan.experts()))
                .toArray();
        Value counts = worker.unsqueeze(1)
                .equal(graph.sizes(Dim.list(workers)))
                .cast(INT64)
                .sum();
        Value order = worker.order();
        List<Value> groups = order.split(workers.length, counts);
        Matrices.Operand h = matrices.operand(steps.h());
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            Value own = groups.get(i).as(Dim.of("expert_" + steps.layer() + "_" + stored.get(i)));
            results.add(expert(matrices.rows(h, own), steps.experts() + stored.get(i)));
        }
        results.add(graph.zeros(
                groups.get(stored.size()).as(Dim.of("outside_" + steps.layer())).dim(0), network.width()));
        Dim all = steps.h().dim(0);
        Value places = order.scatterRows(order.unsqueeze(1), graph.range(INT64, all));
        return graph.concat(0, results).as(all, network.width()).gather(places, 0);
    }

    /**
     * Each step through the likeliest experts of a mass: [N,d]. The sum of their outputs times their probabilities; where
     * the gate is mixed, the rest of it goes to them in the same proportion.
     */
    private Value likeliest(Routed steps, float mass) {
        ExpertPlan.Layer plan = steps.plan();
        List<Integer> stored = plan.stored();
        Value probabilities = steps.probabilities();
        // How much lies before an expert in the order of probability: it works if the mass is not yet reached there.
        Value before = probabilities
                .unsqueeze(2)
                .less(probabilities.unsqueeze(1))
                .cast(FLOAT)
                .matmul(probabilities.unsqueeze(2))
                .squeeze(2);
        Value works = before.less(graph.scalar(mass)).and(steps.inside().unsqueeze(1));
        float[] worker = new float[plan.experts() * stored.size()];
        for (int e = 0; e < plan.experts(); e++) {
            if (plan.open().get(e)) {
                worker[e * stored.size() + stored.indexOf(plan.source().get(e))] = 1;
            }
        }
        Value gates = shared(works.choose(probabilities, graph.scalar(0f)))
                .matmul(graph.constant("worker", new long[] {plan.experts(), stored.size()}, worker));
        Value sum = null;
        for (int i = 0; i < stored.size(); i++) {
            Value gate = gates.gather(graph.scalar(INT64, i), 1);
            Dim own = Dim.of("expert_" + steps.layer() + "_" + stored.get(i));
            Value places = graph.scalar(0f).less(gate).nonZero().squeeze(0).as(own);
            Value output = expert(matrices.rows(matrices.operand(steps.h()), places), steps.experts() + stored.get(i))
                    .mul(gate.gather(places, 0).unsqueeze(1));
            Value part = graph.zeros(steps.h().dim(0), network.width()).scatterRows(places.unsqueeze(1), output);
            sum = sum == null ? part : sum.add(part);
        }
        return sum;
    }

    /** The gates of experts that work together: [N,E], of their probabilities. */
    private Value shared(Value working) {
        float share = (float) architecture.gate().share();
        if (share == 1) {
            return working;
        }
        float[] ones = new float[(int) working.dim(1).size()];
        Arrays.fill(ones, 1);
        Value mass = working.matmul(graph.constant("ones", new long[] {ones.length, 1}, ones))
                .max(graph.scalar(Float.MIN_NORMAL));
        return working.mul(graph.scalar(share)).add(working.div(mass).mul(graph.scalar(1 - share)));
    }

    private void observe(Routed steps, ResidualStream stream, boolean outputs) {
        ExpertPlan.Layer plan = steps.plan();
        Dim count = Dim.of(plan.experts());
        graph.output(
                RoutingMode.Observed.probabilities(steps.layer()),
                steps.probabilities().reshape(BATCH, STEPS, count),
                FLOAT,
                BATCH,
                STEPS,
                count);
        if (!outputs) {
            return;
        }
        Map<Integer, Value> computed = new HashMap<>();
        Value residual = stream.value().reshape(BATCH.times(STEPS), network.width());
        List<Value> vectors = new ArrayList<>(List.of(residual.unsqueeze(1)));
        for (int e = 0; e < plan.experts(); e++) {
            // Who is closed may have no weights any more; what stands here for it is never looked at.
            int source =
                    plan.open().get(e) ? plan.source().get(e) : plan.stored().get(0);
            vectors.add(computed.computeIfAbsent(source, s -> expert(matrices.operand(steps.h()), steps.experts() + s))
                    .unsqueeze(1));
        }
        Value all = graph.concat(1, vectors);
        Dim side = Dim.of(plan.experts() + 1L);
        graph.output(
                RoutingMode.Observed.gram(steps.layer()),
                all.matmul(all.transpose(0, 2, 1)).reshape(BATCH, STEPS, side, side),
                FLOAT,
                BATCH,
                STEPS,
                side,
                side);
    }

    private Value expert(Matrices.Operand h, String name) {
        Value inner = network.product(h, name + ".in").add(network.tensor(name + ".in.bias"));
        Matrices.Operand activated = architecture.activation() == Activation.RELU
                ? matrices.positive(inner.relu())
                : matrices.operand(inner.gelu());
        return network.product(activated, name + ".out").add(network.tensor(name + ".out.bias"));
    }
}
