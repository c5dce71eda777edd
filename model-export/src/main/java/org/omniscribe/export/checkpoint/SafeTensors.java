package org.omniscribe.export.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.io.TemporaryName;

/**
 * Reads and writes safetensors files: eight bytes of header length (little endian), a JSON header with the type, shape
 * and byte range of each tensor, then the raw values (format description: huggingface/safetensors, README, "Format").
 *
 * <p>Tensors of type F32, F16, BF16 and I64 are read, all into floats; F32 and F16 are written. Values go through one
 * buffer of a megabyte, so a file needs no more memory than its tensors, or, opened lazily, than its largest one.
 */
public final class SafeTensors {
    /** Longest header that is accepted, in bytes; the limit of the format's own library. */
    private static final long MAX_HEADER = 100_000_000;

    private static final int BUFFER = 1 << 20;
    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private SafeTensors() {}

    /** How values lie in a file. */
    public enum Type {
        /** IEEE single precision. */
        F32(4),
        /** IEEE half precision. */
        F16(2),
        /** The upper half of a single. Read only. */
        BF16(2),
        /** Signed integers, of which a float holds those up to 2^24 and some beyond. Read only. */
        I64(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * An array of floats with a shape; neither is copied.
     *
     * @param shape sizes, outermost first; empty for a single number
     * @param data the values, last dimension fastest
     */
    public record Tensor(long[] shape, float[] data) {
        /**
         * Checks that shape and data fit.
         *
         * @throws IllegalArgumentException if they do not
         */
        public Tensor {
            Objects.requireNonNull(data, "data");
            if (elements(shape) != data.length) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " does not hold " + data.length + " values");
            }
        }
    }

    /**
     * Reads all tensors.
     *
     * @param file the file
     * @return the tensors by name, in the order of the file
     * @throws CheckpointException if the file cannot be read or is no safetensors file; all faults of the header at once
     */
    public static Map<String, Tensor> read(Path file) {
        Tensors open = open(file);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        open.shapes().keySet().forEach(name -> tensors.put(name, open.read(name)));
        return tensors;
    }

    /**
     * Reads the header; the values are read when they are asked for.
     *
     * @param file the file, which must stay as it is
     * @throws CheckpointException as {@link #read}
     */
    public static Tensors open(Path file) {
        Header header = reading(file, channel -> header(file, channel));
        Map<String, long[]> shapes = new LinkedHashMap<>();
        Map<String, Entry> entries = new HashMap<>();
        for (Entry entry : header.entries()) {
            shapes.put(entry.name(), entry.shape());
            entries.put(entry.name(), entry);
        }
        return new Tensors() {
            @Override
            public Map<String, long[]> shapes() {
                return shapes;
            }

            @Override
            public Tensor read(String name) {
                return reading(file, channel -> readTensor(file, channel, entries.get(name), header.dataStart()));
            }
        };
    }

    /**
     * Reads the free text that a file carries beside its tensors.
     *
     * @param file the file
     * @return the pairs, in the order of the file; empty if it carries none
     * @throws CheckpointException as {@link #read}
     */
    public static Map<String, String> metadata(Path file) {
        return reading(file, channel -> header(file, channel).metadata());
    }

    /**
     * Writes tensors in single precision; as {@link #write(Path, Map, Map, Type)}.
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        write(file, tensors, metadata, Type.F32);
    }

    /**
     * Writes tensors so that at any moment, even of a crash, the file is either the old one or the new one, whole.
     *
     * @param file the file, replaced if it exists; its folder must exist
     * @param tensors the tensors by name, written in the order of the map
     * @param metadata free text to carry along
     * @param type F32 or F16
     * @throws CheckpointException if the file cannot be written, or a value is too large for F16
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata, Type type) {
        if (type != Type.F32 && type != Type.F16) {
            throw new IllegalArgumentException("type " + type + " is read only; write F32 or F16");
        }
        byte[] header = headerBytes(tensors, metadata, type);
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        try {
            // A fixed name, so that what a crash leaves behind is overwritten by the next write.
            Path temporary = TemporaryName.hidden(target);
            try {
                try (FileChannel channel = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
                    drain(channel, buffer.putLong(header.length));
                    ByteBuffer text = ByteBuffer.wrap(header);
                    while (text.hasRemaining()) {
                        channel.write(text);
                    }
                    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                        writeTensor(
                                file,
                                channel,
                                tensor.getKey(),
                                tensor.getValue().data(),
                                type,
                                buffer);
                    }
                    channel.force(true);
                }
                AtomicFile.move(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
            syncFolder(folder);
        } catch (IOException e) {
            throw new CheckpointException(
                    file + ": cannot be written (" + FailureText.reason(e)
                            + "); check that the folder exists, is writable and has room",
                    e);
        }
    }

    private record Entry(String name, Type type, long[] shape, long begin, long end) {}

    private record Header(List<Entry> entries, Map<String, String> metadata, long dataStart) {}

    private interface Reading<T> {
        T from(FileChannel channel) throws IOException;
    }

    private static <T> T reading(Path file, Reading<T> reading) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reading.from(channel);
        } catch (NoSuchFileException e) {
            throw new CheckpointException(file + ": there is no such file; check the path", e);
        } catch (IOException e) {
            throw new CheckpointException(
                    file + ": cannot be read (" + FailureText.reason(e) + "); check that it is a readable file", e);
        }
    }

    private static Header header(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        if (size < 8) {
            throw broken(file, "it has " + size + " bytes, fewer than the eight of the header length");
        }
        fill(channel, prefix);
        long length = prefix.getLong();
        if (length < 2 || length > MAX_HEADER || length > size - 8) {
            throw broken(
                    file,
                    "its header length is " + Long.toUnsignedString(length) + " in a file of " + size
                            + " bytes; either this is no safetensors file or it is cut off");
        }
        ByteBuffer text = ByteBuffer.allocate((int) length);
        fill(channel, text);
        Faults faults = new Faults();
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        JsonReader.of(text.array(), faults.under("its header")).members().forEach((name, field) -> {
            if (name.equals(METADATA)) {
                field.members().forEach((key, value) -> metadata.put(key, value.text()));
            } else {
                Entry entry = entry(name, field.node(), faults);
                if (entry != null) {
                    entries.add(entry);
                }
            }
        });
        if (faults.isEmpty()) {
            checkRanges(entries, size - 8 - length, faults);
        }
        faults.orThrow(all -> broken(file, all));
        return new Header(entries, metadata, 8 + length);
    }

    private static Entry entry(String name, JsonNode node, Faults faults) {
        Type type = Arrays.stream(Type.values())
                .filter(t -> t.name().equals(node.path("dtype").asText()))
                .findFirst()
                .orElse(null);
        if (type == null) {
            faults.add("tensor " + name + " has dtype " + node.path("dtype") + ", only "
                    + Arrays.toString(Type.values()) + " can be read");
        }
        long[] shape = longs(node.path("shape"));
        long elements = shape == null ? -1 : elements(shape);
        if (elements < 0 || elements > Integer.MAX_VALUE - 8) {
            faults.add("tensor " + name + " has shape " + node.path("shape")
                    + ", which is no list of sizes with fewer than 2^31 elements");
        }
        long[] range = longs(node.path("data_offsets"));
        if (range == null || range.length != 2 || range[0] < 0 || range[1] < range[0]) {
            faults.add("tensor " + name + " has data_offsets " + node.path("data_offsets") + ", which is no range");
        } else if (type != null && elements >= 0 && range[1] - range[0] != elements * type.bytes) {
            faults.add("tensor " + name + " of type " + type + " and shape " + node.path("shape") + " needs "
                    + elements * type.bytes + " bytes but has " + (range[1] - range[0]));
        } else if (type != null && elements >= 0) {
            return new Entry(name, type, shape, range[0], range[1]);
        }
        return null;
    }

    /** The ranges must cover the data without holes or overlap, and the data must be all that follows the header. */
    private static void checkRanges(List<Entry> entries, long available, Faults faults) {
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long next = 0;
        for (Entry entry : entries) {
            if (entry.begin() != next) {
                faults.add(
                        "tensor " + entry.name() + " begins at byte " + entry.begin() + " of the data, not at " + next);
            }
            next = entry.end();
        }
        if (next != available) {
            faults.add("the header describes " + next + " bytes of data, the file has " + available
                    + (next > available ? "; it is cut off" : ""));
        }
    }

    private static CheckpointException broken(Path file, String faults) {
        return new CheckpointException(file + ": not a usable safetensors file: " + faults + ". Copy or write it anew");
    }

    private static long[] longs(JsonNode node) {
        if (!node.isArray()) {
            return null;
        }
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length; i++) {
            if (!node.get(i).isIntegralNumber() || !node.get(i).canConvertToLong()) {
                return null;
            }
            values[i] = node.get(i).longValue();
        }
        return values;
    }

    /** Product of the sizes; -1 if one is negative or the product exceeds a long. */
    private static long elements(long[] shape) {
        long product = 1;
        for (long size : shape) {
            if (size < 0 || (size > 0 && product > Long.MAX_VALUE / 8 / size)) {
                return -1;
            }
            product *= size;
        }
        return product;
    }

    private static Tensor readTensor(Path file, FileChannel channel, Entry entry, long dataStart) throws IOException {
        try {
            int count = (int) elements(entry.shape());
            float[] data = ValueType.valueOf(entry.type().name()).read(channel, dataStart + entry.begin(), count);
            return new Tensor(entry.shape(), data);
        } catch (ArithmeticException e) {
            throw new CheckpointException(
                    file + ": tensor " + entry.name() + " holds " + e.getMessage()
                            + "; store it as text in the metadata",
                    e);
        }
    }

    /** Fills the buffer to its limit and flips it. */
    private static void fill(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        buffer.flip();
    }

    private static byte[] headerBytes(Map<String, Tensor> tensors, Map<String, String> metadata, Type type) {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject(METADATA);
            metadata.forEach(node::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            if (tensor.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("a tensor cannot have the name " + METADATA);
            }
            ObjectNode node = root.putObject(tensor.getKey()).put("dtype", type.name());
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(tensor.getValue().shape()).forEach(shape::add);
            long end = offset + (long) tensor.getValue().data().length * type.bytes;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        // Spaces up to a multiple of eight, so that the data may be mapped in place.
        byte[] text = root.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void writeTensor(
            Path file, FileChannel channel, String name, float[] data, Type type, ByteBuffer buffer)
            throws IOException {
        for (int at = 0; at < data.length; ) {
            int count = Math.min(data.length - at, BUFFER / type.bytes);
            buffer.clear();
            if (type == Type.F32) {
                buffer.asFloatBuffer().put(data, at, count);
                buffer.position(count * type.bytes);
            } else {
                for (int i = 0; i < count; i++) {
                    if (Math.abs(data[at + i]) > Float16.MAX) {
                        throw new CheckpointException(file + ": tensor " + name + " holds " + data[at + i]
                                + " at element " + (at + i) + ", too large for F16; write F32");
                    }
                    buffer.putShort(Float16.toBits(data[at + i]));
                }
            }
            drain(channel, buffer);
            at += count;
        }
    }

    private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Makes the move itself durable; Windows cannot open folders and needs no such call. */
    private static void syncFolder(Path folder) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
