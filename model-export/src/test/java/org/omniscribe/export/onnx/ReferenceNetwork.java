package org.omniscribe.export.onnx;

import java.util.Map;
import org.omniscribe.asr.model.Activation;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * The forward pass of one utterance, written down from its definition with loops over doubles: slow and plain, to compare
 * other implementations with. It knows no batches and no padding.
 */
final class ReferenceNetwork {
    private final Architecture a;
    private final Map<String, Tensor> parameters;
    private final double mass;

    ReferenceNetwork(Architecture architecture, Map<String, Tensor> parameters) {
        this(architecture, parameters, 0);
    }

    /** With the likeliest experts until their probabilities reach a mass; the likeliest in any case. */
    ReferenceNetwork(Architecture architecture, Map<String, Tensor> parameters, double mass) {
        this.a = architecture;
        this.parameters = parameters;
        this.mass = mass;
    }

    /**
     * @param logProbs [step][token]
     * @param expert [layer][step]
     * @param probability [layer][step]
     * @param margin least difference between the first and second probability of any routing
     * @param size [layer][step], the Euclidean length of the likeliest expert's output
     * @param along [layer][step], the dot product of that output with what it is added to
     */
    record Result(
            double[][] logProbs,
            int[][] expert,
            double[][] probability,
            double margin,
            double[][] size,
            double[][] along) {}

    Result run(float[][] features) {
        double[][] x = a.subsampling() instanceof Subsampling.Conv conv
                ? convolve(features, conv)
                : a.subsampling() instanceof Subsampling.Stack ? stack(features) : whisperStem(features);
        int steps = x.length;
        if (a.position() instanceof Position.Sinusoid) {
            for (int t = 0; t < steps; t++) {
                for (int i = 0; i < a.width(); i++) {
                    double frequency = Math.exp(-2.0 * (i / 2) * Math.log(1e4) / a.width());
                    x[t][i] += Math.sin(t * frequency + (i % 2 == 1 ? Math.PI / 2 : 0));
                }
            }
        }
        if (a.position() instanceof Position.WhisperSinusoid position) {
            int half = a.width() / 2;
            for (int t = 0; t < steps; t++) {
                for (int i = 0; i < half; i++) {
                    double angle = t * Math.pow(10000, -i / (half - 1.0));
                    float[] stored = position.stored()
                            ? parameters.get("position.weight").data()
                            : null;
                    x[t][i] += stored == null ? Math.sin(angle) : stored[t * a.width() + i];
                    x[t][half + i] += stored == null ? Math.cos(angle) : stored[t * a.width() + half + i];
                }
            }
        }
        int[][] expert = new int[a.layers()][steps];
        double[][] probability = new double[a.layers()][steps];
        double[][] size = new double[a.layers()][steps];
        double[][] along = new double[a.layers()][steps];
        double margin = 1;
        for (int layer = 0; layer < a.layers(); layer++) {
            String prefix = "layers." + layer + ".";
            add(x, attention(norm(x, prefix + "attention.norm"), prefix + "attention"));
            if (a.convKernel() > 0) {
                add(x, convolution(norm(x, prefix + "convolution.norm"), prefix + "convolution"));
            }
            double[][] h = norm(x, prefix + "ffn.norm");
            for (int t = 0; t < steps; t++) {
                double[] p =
                        a.routed(layer) ? softmax(linear(h[t], "routers." + a.routerGroup(layer))) : new double[] {1};
                boolean[] worked = new boolean[p.length];
                double[] sum = new double[a.width()];
                double[] rest = new double[a.width()];
                double share = a.routed(layer) ? a.gate().share() : 1;
                double done = 0;
                for (int n = 0; n < p.length && (n == 0 || done < mass); n++) {
                    int best = -1;
                    for (int e = 0; e < p.length; e++) {
                        best = !worked[e] && (best < 0 || p[e] > p[best]) ? e : best;
                    }
                    worked[best] = true;
                    done += p[best];
                    double[] y = expert(h[t], prefix + "ffn.experts." + best);
                    if (n == 0) {
                        for (int e = 0; e < p.length; e++) {
                            margin = e == best ? margin : Math.min(margin, p[best] - p[e]);
                        }
                        expert[layer][t] = best;
                        probability[layer][t] = p[best];
                        size[layer][t] = Math.sqrt(dot(y, y));
                        along[layer][t] = dot(x[t], y);
                    }
                    for (int i = 0; i < y.length; i++) {
                        sum[i] += share * p[best] * y[i];
                        rest[i] += (1 - share) * p[best] * y[i];
                    }
                }
                for (int i = 0; i < sum.length; i++) {
                    x[t][i] += sum[i] + rest[i] / done;
                }
            }
        }
        double[][] logProbs = norm(x, "final.norm");
        for (int t = 0; t < steps; t++) {
            logProbs[t] = softmax(linear(logProbs[t], "head"));
            for (int v = 0; v < logProbs[t].length; v++) {
                logProbs[t][v] = Math.log(logProbs[t][v]);
            }
        }
        return new Result(logProbs, expert, probability, margin, size, along);
    }

    private double[] expert(double[] h, String name) {
        double[] inner = linear(h, name + ".in");
        for (int i = 0; i < inner.length; i++) {
            inner[i] = a.activation() == Activation.RELU ? Math.max(inner[i], 0) : gelu(inner[i]);
        }
        return linear(inner, name + ".out");
    }

    /** x times the normal distribution function, by the power series of the error function. */
    private static double gelu(double x) {
        double z = x / Math.sqrt(2);
        if (Math.abs(z) > 5) {
            return Math.max(x, 0);
        }
        double term = z;
        double sum = z;
        for (int n = 1; n < 120; n++) {
            term *= -z * z / n;
            sum += term / (2 * n + 1);
        }
        return x * (1 + 2 / Math.sqrt(Math.PI) * sum) / 2;
    }

    /** Two convolutions over time, kernels of 3, strides 1 and 2. */
    private double[][] whisperStem(float[][] features) {
        double[][] x = new double[features.length][a.melBins()];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] = features[t][i];
            }
        }
        return overTime(overTime(x, 1, "input.conv0"), 2, "input.conv1");
    }

    private double[][] overTime(double[][] x, int stride, String name) {
        float[] w = parameters.get(name + ".weight").data();
        float[] b = parameters.get(name + ".bias").data();
        double[][] out = new double[(x.length + stride - 1) / stride][b.length];
        for (int t = 0; t < out.length; t++) {
            for (int c = 0; c < b.length; c++) {
                double sum = b[c];
                for (int k = 0; k < 3; k++) {
                    int from = t * stride + k - 1;
                    for (int i = 0; from >= 0 && from < x.length && i < x[from].length; i++) {
                        sum += w[(c * x[from].length + i) * 3 + k] * x[from][i];
                    }
                }
                out[t][c] = gelu(sum);
            }
        }
        return out;
    }

    private static double dot(double[] u, double[] v) {
        double sum = 0;
        for (int i = 0; i < u.length; i++) {
            sum += u[i] * v[i];
        }
        return sum;
    }

    private double[][] stack(float[][] features) {
        double[][] x = new double[a.steps(features.length)][];
        for (int t = 0; t < x.length; t++) {
            double[] side = new double[a.stacking() * a.melBins()];
            for (int i = 0; i < side.length; i++) {
                int frame = t * a.stacking() + i / a.melBins();
                side[i] = frame < features.length ? features[frame][i % a.melBins()] : 0;
            }
            x[t] = linear(side, "input.linear");
        }
        return x;
    }

    private double[][] convolve(float[][] features, Subsampling.Conv conv) {
        double[][][] image = new double[1][features.length][a.melBins()];
        for (int t = 0; t < features.length; t++) {
            for (int i = 0; i < a.melBins(); i++) {
                image[0][t][i] = features[t][i];
            }
        }
        image = convolve(convolve(image, conv.firstStride(), "input.conv0"), conv.secondStride(), "input.conv1");
        double[][] x = new double[image[0].length][];
        for (int t = 0; t < x.length; t++) {
            int rows = conv.rows(a.melBins());
            double[] side = new double[image.length * rows];
            for (int i = 0; i < side.length; i++) {
                side[i] = image[i / rows][t][i % rows];
            }
            x[t] = linear(side, "input.linear");
        }
        return x;
    }

    private double[][][] convolve(double[][][] in, int stride, String name) {
        float[] w = parameters.get(name + ".weight").data();
        float[] b = parameters.get(name + ".bias").data();
        int times = (in[0].length + stride - 1) / stride;
        int rows = in[0].length == 0 ? 0 : (in[0][0].length + 1) / 2;
        double[][][] out = new double[b.length][times][rows];
        for (int c = 0; c < b.length; c++) {
            for (int t = 0; t < times; t++) {
                for (int r = 0; r < rows; r++) {
                    double sum = b[c];
                    for (int k = 0; k < in.length * 9; k++) {
                        int from = k / 9;
                        int time = t * stride - 1 + k % 9 / 3;
                        int row = r * 2 - 1 + k % 3;
                        if (time >= 0 && time < in[from].length && row >= 0 && row < in[from][0].length) {
                            sum += w[c * in.length * 9 + k] * in[from][time][row];
                        }
                    }
                    out[c][t][r] = Math.max(sum, 0);
                }
            }
        }
        return out;
    }

    private double[][] attention(double[][] h, String name) {
        int steps = h.length;
        int d = a.width();
        int headWidth = a.headWidth();
        double[][] qkv = new double[steps][];
        for (int t = 0; t < steps; t++) {
            qkv[t] = linear(h[t], name + ".qkv");
        }
        double[][] mixed = new double[steps][d];
        for (int head = 0; head < a.heads(); head++) {
            for (int i = 0; i < steps; i++) {
                double[] scores = new double[steps];
                for (int j = 0; j < steps; j++) {
                    double dot = 0;
                    for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
                        dot += qkv[i][c] * qkv[j][d + c];
                    }
                    scores[j] = sees(i, j)
                            ? dot / Math.sqrt(headWidth) + relativeBias(head, j - i)
                            : Double.NEGATIVE_INFINITY;
                }
                double[] weights = softmax(scores);
                for (int j = 0; j < steps; j++) {
                    for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
                        mixed[i][c] += weights[j] * qkv[j][2 * d + c];
                    }
                }
            }
        }
        for (int t = 0; t < steps; t++) {
            mixed[t] = linear(mixed[t], name + ".out");
        }
        return mixed;
    }

    private boolean sees(int i, int j) {
        if (a.attention() instanceof Attention.Causal) {
            return j <= i;
        }
        if (a.attention() instanceof Attention.Chunked chunked) {
            int own = i / chunked.chunk();
            int other = j / chunked.chunk();
            return other >= own - chunked.leftChunks() && other <= own;
        }
        return true;
    }

    private double relativeBias(int head, int distance) {
        if (!(a.position() instanceof Position.Relative position)) {
            return 0;
        }
        int range = position.range();
        int index = Math.max(-range, Math.min(range, distance)) + range;
        return parameters.get("position.bias").data()[head * (2 * range + 1) + index];
    }

    private double[][] convolution(double[][] h, String name) {
        int d = a.width();
        int kernel = a.convKernel();
        int left = a.attention() instanceof Attention.Full ? kernel / 2 : kernel - 1;
        float[] w = parameters.get(name + ".depthwise.weight").data();
        float[] b = parameters.get(name + ".depthwise.bias").data();
        double[][] gated = new double[h.length][d];
        for (int t = 0; t < h.length; t++) {
            double[] both = linear(h[t], name + ".in");
            for (int c = 0; c < d; c++) {
                gated[t][c] = both[c] * sigmoid(both[d + c]);
            }
        }
        double[][] y = new double[h.length][];
        for (int t = 0; t < h.length; t++) {
            double[] filtered = new double[d];
            for (int c = 0; c < d; c++) {
                filtered[c] = b[c];
                for (int k = 0; k < kernel; k++) {
                    int from = t - left + k;
                    filtered[c] += from >= 0 && from < h.length ? w[c * kernel + k] * gated[from][c] : 0;
                }
                filtered[c] *= sigmoid(filtered[c]);
            }
            y[t] = linear(filtered, name + ".out");
        }
        return y;
    }

    private double[][] norm(double[][] x, String name) {
        float[] scale = parameters.get(name + ".weight").data();
        float[] bias = parameters.get(name + ".bias").data();
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            double variance = 0;
            for (double value : x[t]) {
                mean += value / x[t].length;
            }
            for (double value : x[t]) {
                variance += (value - mean) * (value - mean) / x[t].length;
            }
            y[t] = new double[x[t].length];
            for (int i = 0; i < y[t].length; i++) {
                y[t][i] = (x[t][i] - mean) / Math.sqrt(variance + 1e-5) * scale[i] + bias[i];
            }
        }
        return y;
    }

    /** W x, and + b where the layer has one. */
    private double[] linear(double[] x, String name) {
        float[] w = parameters.get(name + ".weight").data();
        Tensor bias = parameters.get(name + ".bias");
        double[] y = new double[w.length / x.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias == null ? 0 : bias.data()[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += w[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static double[] softmax(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            max = Math.max(max, value);
        }
        double sum = 0;
        double[] p = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            p[i] = Math.exp(x[i] - max);
            sum += p[i];
        }
        for (int i = 0; i < x.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] += y[t][i];
            }
        }
    }
}
