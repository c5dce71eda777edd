package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.omniscribe.asr.model.Activation;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.asr.model.Attention;
import org.omniscribe.asr.model.Position;
import org.omniscribe.asr.model.Subsampling;
import org.omniscribe.export.checkpoint.SafeTensors;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.upcycle.Upcycler;

/** Golden values are those of OpenAI's own encoder, written by src/test/scripts/whisper_encoder_golden.py. */
class WhisperEncoderTest {
    private static final int BINS = 5;
    private static final int WIDTH = 12;
    private static final int[] FRAMES = {23, 14};
    private static final Architecture DENSE = Architecture.builder()
            .melBins(BINS)
            .subsampling(new Subsampling.WhisperStem())
            .width(WIDTH)
            .heads(3)
            .mlpWidth(48)
            .experts("2x1")
            .routing(Routing.DENSE)
            .activation(Activation.GELU)
            .position(new Position.WhisperSinusoid(false))
            .attention(new Attention.Full(Attention.Bias.QUERY_VALUE_OUTPUT))
            .vocabulary(4)
            .build();

    private static Map<String, Tensor> golden() throws URISyntaxException {
        return SafeTensors.read(Path.of(WhisperEncoderTest.class
                .getResource("/whisper/encoder.safetensors")
                .toURI()));
    }

    /** The network with the given weights, and fresh ones where there are none. */
    private static OmniRouterNet net(Architecture architecture, Map<String, Tensor> weights, NDManager manager) {
        OmniRouterNet net = new OmniRouterNet(architecture, manager, 1);
        Map<String, Tensor> all = net.weights();
        all.replaceAll((name, fresh) -> weights.getOrDefault(name, fresh));
        net.load(all);
        return net;
    }

    private static float[] packed(Map<String, Tensor> golden) {
        float[] packed = new float[2 * FRAMES[0] * BINS];
        System.arraycopy(golden.get("first").data(), 0, packed, 0, FRAMES[0] * BINS);
        System.arraycopy(golden.get("second").data(), 0, packed, FRAMES[0] * BINS, FRAMES[1] * BINS);
        return packed;
    }

    @Test
    void statesAndGradientsEqualWhispersWithoutPaddingToThirtySeconds() throws Exception {
        Map<String, Tensor> golden = golden();
        try (NDManager manager = Torch.newManager();
                OmniRouterNet net = net(DENSE, golden, manager)) {
            try (NDManager step = manager.newSubManager();
                    GradientCollector collector = Torch.engine().newGradientCollector()) {
                NDArray features = Torch.array(step, packed(golden), new Shape(2, FRAMES[0], BINS));
                OmniRouterNet.Output output = net.forward(features, FRAMES, OmniRouterNet.Mode.USE);
                assertArrayEquals(new int[] {12, 7}, output.lengths());
                float[] states = Torch.values(output.states());
                assertArrayEquals(golden.get("states.first").data(), Arrays.copyOf(states, 12 * WIDTH), 1e-4f);
                assertArrayEquals(
                        golden.get("states.second").data(), Arrays.copyOfRange(states, 12 * WIDTH, 19 * WIDTH), 1e-4f);
                float[] mask = new float[24];
                Arrays.fill(mask, 0, 19, 1);
                NDArray weights = Torch.array(step, golden.get("weights").data(), new Shape(1, 1, WIDTH));
                NDArray real = Torch.array(step, mask, new Shape(2, 12, 1));
                collector.backward(output.states().mul(weights).mul(real).sum());
            }
            try (NDArray gradient = net.parameters().get("input.conv0.weight").getGradient()) {
                assertArrayEquals(golden.get("gradient").data(), gradient.toFloatArray(), 2e-3f);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2x4, SHARED, SCALED",
        "2x4, SHARED, MIXED",
        "2x3, INDEPENDENT, SCALED",
        "1x1-1x4, SHARED, MIXED",
        "2x1, DENSE, MIXED"
    })
    void anUpcycledNetworkComputesWhatTheDenseOneDid(String experts, Routing routing, Upcycler.Start start)
            throws Exception {
        Map<String, Tensor> golden = golden();
        Upcycler.Network upcycled = Upcycler.upcycle(
                new Upcycler.Network(DENSE, golden),
                new Upcycler.Options(Architecture.parseExperts(experts), routing, start, 7));
        try (NDManager manager = Torch.newManager();
                OmniRouterNet dense = net(DENSE, golden, manager);
                OmniRouterNet net = net(upcycled.architecture(), upcycled.weights(), manager);
                NDManager step = manager.newSubManager()) {
            NDArray features = Torch.array(step, packed(golden), new Shape(2, FRAMES[0], BINS));
            float[] before = Torch.values(
                    dense.forward(features, FRAMES, OmniRouterNet.Mode.USE).states());
            float[] after = Torch.values(
                    net.forward(features, FRAMES, OmniRouterNet.Mode.USE).states());
            for (int i = 0; i < 19 * WIDTH; i++) {
                assertEquals(before[i], after[i], 1e-5f);
            }
        }
    }

    @Test
    void whatCannotBeUpcycledIsRefused() throws Exception {
        Map<String, Tensor> golden = golden();
        Upcycler.Options options = new Upcycler.Options(List.of(4, 4, 4), Routing.SHARED, Upcycler.Start.MIXED, 1);
        Upcycler.Network dense = new Upcycler.Network(DENSE, golden);
        assertThrows(IllegalArgumentException.class, () -> Upcycler.upcycle(dense, options));
        Map<String, Tensor> less = new HashMap<>(golden);
        less.remove("layers.1.ffn.experts.0.out.bias");
        Upcycler.Options fitting = new Upcycler.Options(List.of(4, 4), Routing.SHARED, Upcycler.Start.MIXED, 1);
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> Upcycler.upcycle(new Upcycler.Network(DENSE, less), fitting));
        assertEquals("the network lacks layers.1.ffn.experts.0.out.bias", refused.getMessage());
        Upcycler.Network once = Upcycler.upcycle(dense, fitting);
        assertThrows(IllegalArgumentException.class, () -> Upcycler.upcycle(once, fitting));
    }
}
