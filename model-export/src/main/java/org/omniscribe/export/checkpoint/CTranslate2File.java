package org.omniscribe.export.checkpoint;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/**
 * The file {@code model.bin} of CTranslate2, binary version 6 ({@code ModelSpec._serialize} of its Python package): the kind
 * of the model, its variables one behind the other, and names that stand for other variables.
 *
 * <p>Variables of 8 and 16 bits come with a variable of the same name and {@code _scale}: a value is the integer divided by
 * the scale of its row, or by the one scale. They are given as floats, and the scales are not listed. Only what describes
 * the variables is read at once; values are read from their place in the file when they are asked for.
 */
public final class CTranslate2File implements Tensors {
    /** The only binary version that is read; it is the current one since 2021. */
    public static final int VERSION = 6;

    private static final String SCALE = "_scale";
    private static final int BUFFER = 1 << 16;
    private static final int MAX_AXES = 8;
    /** Most bytes that a name may have; it is the format's own limit. */
    private static final int MAX_NAME_BYTES = 0xffff;
    /** Bytes of a variable of no values: its name's length and closing zero, rank, type and length. */
    private static final int MIN_VARIABLE_BYTES = 2 + 1 + 1 + 1 + 4;

    private static final int MAX_FAULTS = 20;

    /** Types in the order of their numbers ({@code DataType} in ctranslate2/types.h). */
    private static final List<ValueType> TYPES =
            List.of(ValueType.F32, ValueType.I8, ValueType.I16, ValueType.I32, ValueType.F16, ValueType.BF16);

    private final Path file;
    private final String specification;
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    /** Where a variable lies in the file. */
    private record Variable(long[] shape, ValueType type, long position) {
        int count() {
            return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }
    }

    private CTranslate2File(Path file, Input in) throws IOException {
        this.file = file;
        this.specification = in.text();
        in.unsigned();
        long count = in.unsigned();
        if (count > in.remaining() / MIN_VARIABLE_BYTES) {
            throw damaged("it announces " + count + " variables where " + in.remaining() + " bytes are left", in);
        }
        for (long i = 0; i < count; i++) {
            variable(in);
        }
        long names = in.remaining() == 0 ? 0 : in.unsigned();
        for (long i = 0; i < names; i++) {
            String alias = in.text();
            aliases.put(alias, in.text());
        }
        if (in.remaining() > 0) {
            faults.add(in.remaining() + " bytes are left behind its last variable");
        }
        check();
        if (!faults.isEmpty()) {
            throw new CheckpointException(file + ": cannot be used: "
                    + String.join("; ", faults.subList(0, Math.min(MAX_FAULTS, faults.size())))
                    + ". Copy or convert it anew");
        }
    }

    /** Whether a file begins as one of CTranslate2's: with a small number, and not as safetensors do. */
    static boolean recognises(byte[] head) {
        if (head.length < 9 || head[8] == '{') {
            return false;
        }
        int version = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return version > 0 && version <= 0xff;
    }

    /**
     * Opens a file.
     *
     * @param file the file, which must stay as it is
     * @throws CheckpointException if it cannot be read, or is no such file; all faults of its variables at once
     */
    public static CTranslate2File open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Input in = new Input(channel);
            long version = in.unsigned();
            if (version != VERSION) {
                throw new CheckpointException(file + ": has binary version " + version + " of CTranslate2, and only "
                        + VERSION + " is read. Convert the model anew with a current CTranslate2");
            }
            try {
                return new CTranslate2File(file, in);
            } catch (BufferUnderflowException e) {
                throw damaged(file, "it ends in the middle of a variable", in);
            }
        } catch (BufferUnderflowException e) {
            throw new CheckpointException(file + ": is too short for a model of CTranslate2. Copy it anew", e);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read (" + e + "); check the file", e);
        }
    }

    private void variable(Input in) throws IOException {
        String name = in.text();
        int rank = in.unsignedByte();
        if (rank > MAX_AXES) {
            throw damaged(name + " has " + rank + " axes", in);
        }
        long[] shape = new long[rank];
        long elements = 1;
        for (int axis = 0; axis < rank; axis++) {
            shape[axis] = in.unsigned();
            // Both are below 2^32, so that the product cannot wrap before it is found too large.
            elements = Math.min(Integer.MAX_VALUE + 1L, elements * shape[axis]);
        }
        int code = in.unsignedByte();
        long bytes = in.unsigned();
        if (bytes > in.remaining()) {
            throw damaged(name + " announces " + bytes + " bytes where " + in.remaining() + " are left", in);
        }
        ValueType type = code < TYPES.size() ? TYPES.get(code) : null;
        if (type == null) {
            faults.add(name + " is of the unknown type " + code);
        } else if (elements > Integer.MAX_VALUE || elements * type.bytes() != bytes) {
            faults.add(name + " of shape " + Arrays.toString(shape) + " and type " + type + " has " + bytes + " bytes");
        } else if (variables.put(name, new Variable(shape, type, in.position())) != null) {
            faults.add(name + " is there twice");
        }
        in.skip(bytes);
    }

    private void check() {
        variables.forEach((name, variable) -> {
            boolean rounded = variable.type() == ValueType.I8 || variable.type() == ValueType.I16;
            boolean matrix = rounded && variable.shape().length > 0;
            Variable scale = variables.get(name + SCALE);
            if (matrix && scale != null) {
                long scales = scale.count();
                if (scale.type() != ValueType.F32 || scales != 1 && scales != variable.shape()[0]) {
                    faults.add(name + SCALE + " is not one float, or one for each of " + variable.shape()[0] + " rows");
                }
            } else if (matrix && variable.shape().length > 1) {
                faults.add(name + " holds integers, and there is no " + name + SCALE);
            }
            boolean scales =
                    name.endsWith(SCALE) && variables.containsKey(name.substring(0, name.length() - SCALE.length()));
            if (!scales) {
                shapes.put(name, variable.shape().clone());
            }
        });
        aliases.forEach((alias, name) -> {
            if (!variables.containsKey(name)) {
                faults.add(alias + " stands for " + name + ", which is missing");
            }
        });
    }

    /** The kind of the model, such as {@code WhisperSpec}. */
    public String specification() {
        return specification;
    }

    /** Names that stand for other variables, by name. */
    public Map<String, String> aliases() {
        return aliases;
    }

    @Override
    public Map<String, long[]> shapes() {
        return shapes;
    }

    @Override
    public Tensor read(String name) {
        Variable variable = variables.get(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            float[] data = variable.type().read(channel, variable.position(), variable.count());
            Variable scale = variables.get(name + SCALE);
            if (scale != null && shapes.containsKey(name) && !shapes.containsKey(name + SCALE)) {
                float[] scales = scale.type().read(channel, scale.position(), scale.count());
                int row = data.length / Math.max(1, scales.length);
                for (int i = 0; i < data.length; i++) {
                    data[i] /= scales[i / row];
                }
            }
            return new Tensor(variable.shape().clone(), data);
        } catch (IOException e) {
            throw new CheckpointException(file + ": " + name + " cannot be read (" + e + "); copy the file anew", e);
        } catch (ArithmeticException e) {
            throw new CheckpointException(file + ": " + name + " holds " + e.getMessage() + ". Convert it anew", e);
        }
    }

    private CheckpointException damaged(String how, Input in) {
        return damaged(file, how, in);
    }

    private static CheckpointException damaged(Path file, String how, Input in) {
        return new CheckpointException(
                file + ": is damaged near byte " + in.position() + ": " + how + ". Copy or convert it anew");
    }

    /** What describes the variables, read through a small buffer that skips their values. */
    private static final class Input {
        private final FileChannel channel;
        private final long size;
        private final ByteBuffer buffer =
                ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        /** Byte of the file behind the buffer. */
        private long end;

        Input(FileChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
        }

        long position() {
            return end - buffer.remaining();
        }

        long remaining() {
            return size - position();
        }

        void skip(long bytes) {
            if (bytes <= buffer.remaining()) {
                buffer.position(buffer.position() + (int) bytes);
            } else {
                end = position() + bytes;
                buffer.limit(0);
            }
        }

        int unsignedByte() throws IOException {
            return need(1).get() & 0xff;
        }

        long unsigned() throws IOException {
            return need(4).getInt() & 0xffffffffL;
        }

        /** A text with its length before and a zero behind. */
        String text() throws IOException {
            int length = need(2).getShort() & MAX_NAME_BYTES;
            byte[] bytes = new byte[Math.max(0, length - 1)];
            need(length).get(bytes);
            if (length > 0 && buffer.get() != 0) {
                throw new IOException("a name at byte " + position() + " has no closing zero");
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new IOException("a name at byte " + position() + " is not UTF-8", e);
            }
        }

        private ByteBuffer need(int bytes) throws IOException {
            if (bytes > buffer.remaining()) {
                if (bytes > remaining()) {
                    throw new BufferUnderflowException();
                }
                buffer.compact();
                buffer.limit((int) Math.min(buffer.capacity(), size - end + buffer.position()));
                while (buffer.hasRemaining()) {
                    int read = channel.read(buffer, end);
                    if (read < 0) {
                        throw new BufferUnderflowException();
                    }
                    end += read;
                }
                buffer.flip();
            }
            return buffer;
        }
    }
}
