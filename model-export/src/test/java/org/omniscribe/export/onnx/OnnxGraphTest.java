package org.omniscribe.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OnnxGraphTest {
    private static final Dim N = Dim.of("n");
    private static final Dim M = Dim.of("m");

    private final OnnxGraph graph = new OnnxGraph("test");
    private final Value x = graph.input("x", ElementType.FLOAT, N, M, Dim.of(6));

    @Test
    void wrongArityFailsWhileBuilding() {
        assertFault("takes 2 to 2 inputs", () -> graph.apply(Operator.ADD, x));
        assertFault("takes 1 to 1 inputs", () -> graph.apply(Operator.RELU, x, x));
        assertFault("input 1 is missing", () -> graph.apply(Operator.ADD, x, null));
        assertFault("has 1 outputs, not 2", () -> graph.apply(Operator.RELU, List.of(x), Map.of(), 2));
    }

    @Test
    void wrongAttributesFailWhileBuilding() {
        assertFault("attribute perm is missing", () -> graph.apply(Operator.TRANSPOSE, x));
        assertFault("has no attribute alpha", () -> graph.apply(Operator.RELU, Map.of("alpha", 1f), x));
        assertFault("must be a Long", () -> graph.apply(Operator.SOFTMAX, Map.of("axis", 1f), x));
        assertFault("perm must name every axis once", () -> x.transpose(0, 1, 1));
        assertFault("axis 3 is not one of 3", () -> graph.apply(Operator.SOFTMAX, Map.of("axis", 3L), x));
    }

    @Test
    void wrongTypesFailWhileBuilding() {
        assertFault("inputs must be of one type", () -> x.add(graph.scalar(ElementType.INT64, 1)));
        assertFault("input 0 must be one of", () -> x.less(graph.scalar(0f)).relu());
        assertFault("input 0 must be one of", () -> x.choose(x, x));
        assertFault("inputs must be numbers", () -> x.equal(x).add(x.equal(x)));
    }

    @Test
    void wrongShapesFailWhileBuilding() {
        assertFault("sizes 6 and 5 do not broadcast", () -> x.add(floats(5)));
        assertFault("sizes n and m do not broadcast", () -> x.add(x.transpose(1, 0, 2)));
        assertFault("inner sizes differ", () -> x.matmul(floats(5, 6)));
        assertFault("input 1 must have shape [6]", () -> x.layerNorm(floats(5), floats(6), 1e-5f));
        assertFault("holds another number", () -> x.reshape(N, Dim.of(6)));
        assertFault("6 is not a multiple of 4", () -> x.split(4));
        assertFault("axis 0 has size n", () -> x.squeeze(0));
        assertFault("known only when the graph runs", () -> x.transpose(2, 1, 0).split(2));
        assertFault("channels, kernel and group do not fit", () -> x.transpose(0, 2, 1)
                .conv(floats(4, 5, 3), floats(4), new long[] {1}, new long[] {1, 1}, 1));
    }

    @Test
    void handlesOfAnotherGraphAreRefused() {
        Value stranger = new OnnxGraph("other").scalar(1f);
        assertFault("belongs to another graph", () -> x.add(stranger));
        assertFault("belongs to another graph", () -> graph.output("y", stranger, ElementType.FLOAT));
    }

    @Test
    void outputsMustBeWhatTheyAreDeclaredToBe() {
        assertFault("output y must be int64", () -> graph.output("y", x, ElementType.INT64, N, M, Dim.of(6)));
        assertFault("output y must be float", () -> graph.output("y", x, ElementType.FLOAT, N, M, Dim.of(7)));
        assertFault("the name x is taken", () -> graph.output("x", x, ElementType.FLOAT, N, M, Dim.of(6)));
    }

    @Test
    void onlyUnknownSizesCanBeClaimed() {
        Value found = x.reshape(N.times(M), Dim.of(6)).less(graph.scalar(0f)).nonZero();
        assertEquals(Dim.list(2, 5), found.as(Dim.of(2), Dim.of(5)).shape());
        assertFault("is not of shape [3, 5]", () -> found.as(Dim.of(3), Dim.of(5)));
        assertFault("is not of shape [m, m, 6]", () -> x.as(M, M, Dim.of(6)));
        assertFault("is not of shape", () -> x.as(N, M));
    }

    @Test
    void namesAreUnique() {
        assertEquals("w", floats("w", 1).name());
        assertEquals("w_1", floats("w", 1).name());
        assertEquals("w_1_1", floats("w_1", 1).name());
        assertFault("the name x is taken", () -> graph.input("x", ElementType.FLOAT));
    }

    @Test
    void constantsMustFillTheirShape() {
        assertFault("does not hold 5 values", () -> graph.constant("c", new long[] {2, 3}, new float[5]));
        assertFault("too large for half precision", () -> graph.halfConstant("c", new long[] {1}, 70000f));
    }

    @Test
    void sizesAreReadOffWhereTheGraphRuns() throws OrtException {
        Value flat = x.reshape(N.times(M), Dim.of(6));
        Value half = graph.halfConstant("offset", new long[] {1, 6}, 0f, 1f, 2f, 3f, 4f, 5.5f);
        Value back = flat.add(half).reshape(N, M, Dim.of(2), Dim.of(3)).transpose(1, 0, 3, 2);
        graph.output("y", back, ElementType.FLOAT, M, N, Dim.of(3), Dim.of(2));
        graph.output("rows", graph.range(ElementType.INT64, N.times(M)), ElementType.INT64, N.times(M));

        OrtEnvironment environment = OrtNetwork.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(graph.toBytes("test", "1"), options);
                OnnxTensor in = OnnxTensor.createTensor(environment, new float[2][3][6]);
                OrtSession.Result result = session.run(Map.of("x", in))) {
            float[][][][] y = (float[][][][]) result.get("y").orElseThrow().getValue();
            assertEquals(3, y.length);
            assertEquals(2, y[0].length);
            assertArrayEquals(new float[][] {{0, 3}, {1, 4}, {2, 5.5f}}, y[2][1]);
            assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5}, (long[])
                    result.get("rows").orElseThrow().getValue());
        }
    }

    private Value floats(long... shape) {
        return floats("c", shape);
    }

    private Value floats(String name, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return graph.constant(name, shape, new float[count]);
    }

    private static void assertFault(String part, Executable building) {
        String message = assertThrows(IllegalArgumentException.class, building).getMessage();
        assertTrue(message.contains(part), message);
    }
}
