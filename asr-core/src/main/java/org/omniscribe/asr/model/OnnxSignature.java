package org.omniscribe.asr.model;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs and outputs that an ONNX file declares, read without a runtime and without its weights, so that a bundle
 * can be judged whole before anything native starts.
 *
 * <p>Field numbers are those of {@code onnx.proto3}; the wire format is that of Protocol Buffers, "Encoding".
 *
 * @param inputs tensors by name
 * @param outputs tensors by name
 */
record OnnxSignature(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    /** {@code TensorProto.DataType}. */
    static final int FLOAT = 1;

    static final int INT32 = 6;
    static final int INT64 = 7;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /**
     * One tensor.
     *
     * @param type {@code TensorProto.DataType}
     * @param shape extents, -1 where they vary
     */
    record Tensor(int type, List<Long> shape) {
        @Override
        public String toString() {
            String name =
                    switch (type) {
                        case FLOAT -> "float";
                        case INT32 -> "int32";
                        case INT64 -> "int64";
                        default -> "type " + type;
                    };
            return name + shape.toString().replace("-1", "?");
        }
    }

    /**
     * Reads the declarations.
     *
     * @throws IOException if the stream fails or holds no ONNX model
     */
    static OnnxSignature read(InputStream in) throws IOException {
        OnnxSignature signature = new OnnxSignature(new LinkedHashMap<>(), new LinkedHashMap<>());
        Wire wire = new Wire(new BufferedInputStream(in));
        boolean graph = false;
        for (int field; (field = wire.nextField(Long.MAX_VALUE)) != 0; ) {
            if (field == 7 && wire.type == BYTES) {
                graph = true;
                signature.readGraph(wire, wire.end());
            } else {
                wire.skip();
            }
        }
        if (!graph) {
            throw new IOException("it holds no graph");
        }
        return signature;
    }

    private void readGraph(Wire wire, long end) throws IOException {
        for (int field; (field = wire.nextField(end)) != 0; ) {
            if (field == 11 || field == 12) {
                readValueInfo(wire, wire.end(), field == 11 ? inputs : outputs);
            } else {
                wire.skip();
            }
        }
    }

    private static void readValueInfo(Wire wire, long end, Map<String, Tensor> tensors) throws IOException {
        String name = "";
        Tensor tensor = new Tensor(0, List.of());
        for (int field; (field = wire.nextField(end)) != 0; ) {
            switch (field) {
                case 1 -> name = wire.string();
                case 2 -> tensor = readType(wire, wire.end(), tensor);
                default -> wire.skip();
            }
        }
        tensors.put(name, tensor);
    }

    /** TypeProto, and TypeProto.Tensor in it. */
    private static Tensor readType(Wire wire, long end, Tensor none) throws IOException {
        Tensor tensor = none;
        for (int field; (field = wire.nextField(end)) != 0; ) {
            if (field != 1) {
                wire.skip();
                continue;
            }
            int type = 0;
            List<Long> shape = new ArrayList<>();
            long tensorEnd = wire.end();
            for (int inner; (inner = wire.nextField(tensorEnd)) != 0; ) {
                switch (inner) {
                    case 1 -> type = (int) wire.varint();
                    case 2 -> readShape(wire, wire.end(), shape);
                    default -> wire.skip();
                }
            }
            tensor = new Tensor(type, List.copyOf(shape));
        }
        return tensor;
    }

    private static void readShape(Wire wire, long end, List<Long> shape) throws IOException {
        for (int field; (field = wire.nextField(end)) != 0; ) {
            if (field != 1) {
                wire.skip();
                continue;
            }
            long extent = -1;
            long dimensionEnd = wire.end();
            for (int inner; (inner = wire.nextField(dimensionEnd)) != 0; ) {
                if (inner == 1) {
                    extent = wire.varint();
                } else {
                    wire.skip();
                }
            }
            shape.add(extent);
        }
    }

    /** A forward reader of the wire format that seeks over what nobody asked for. */
    private static final class Wire {
        private static final int MAX_NAME_BYTES = 1 << 16;

        private final InputStream in;
        private long position;
        private int type;

        Wire(InputStream in) {
            this.in = in;
        }

        /** The number of the next field, 0 at the end of the message. */
        int nextField(long end) throws IOException {
            if (position >= end) {
                return 0;
            }
            int first = in.read();
            if (first < 0) {
                if (end == Long.MAX_VALUE) {
                    return 0;
                }
                throw new EOFException("it ends at byte " + position + ", in the middle of a message");
            }
            position++;
            long key = first < 0x80 ? first : varint(first & 0x7f, 7);
            type = (int) (key & 7);
            long field = key >>> 3;
            if (field < 1 || field > 1 << 29) {
                throw new IOException("byte " + position + " is no field of an ONNX model");
            }
            return (int) field;
        }

        long varint() throws IOException {
            if (type != VARINT) {
                throw new IOException("byte " + position + " is not the number that belongs there");
            }
            return varint(0, 0);
        }

        private long varint(long bits, int shift) throws IOException {
            long value = bits;
            for (int s = shift; s < 64; s += 7) {
                int b = in.read();
                if (b < 0) {
                    throw new EOFException("it ends at byte " + position + ", in the middle of a number");
                }
                position++;
                value |= (long) (b & 0x7f) << s;
                if (b < 0x80) {
                    return value;
                }
            }
            throw new IOException("the number before byte " + position + " is too long");
        }

        /** Where the message ends that starts here. */
        long end() throws IOException {
            if (type != BYTES) {
                throw new IOException("byte " + position + " does not start the message that belongs there");
            }
            long length = varint(0, 0);
            if (length < 0) {
                throw new IOException("the length before byte " + position + " is negative");
            }
            return position + length;
        }

        String string() throws IOException {
            long length = end() - position;
            if (length > MAX_NAME_BYTES) {
                throw new IOException("the name at byte " + position + " is " + length + " bytes long");
            }
            byte[] bytes = in.readNBytes((int) length);
            position += bytes.length;
            return new String(bytes, StandardCharsets.UTF_8);
        }

        void skip() throws IOException {
            switch (type) {
                case VARINT -> varint(0, 0);
                case FIXED64 -> skip(8);
                case BYTES -> skip(end() - position);
                case FIXED32 -> skip(4);
                default -> throw new IOException("byte " + position + " is no field of an ONNX model");
            }
        }

        private void skip(long bytes) throws IOException {
            try {
                in.skipNBytes(bytes);
            } catch (EOFException e) {
                throw new EOFException("it ends before byte " + (position + bytes));
            }
            position += bytes;
        }
    }
}
