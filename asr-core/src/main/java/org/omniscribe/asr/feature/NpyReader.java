package org.omniscribe.asr.feature;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads arrays that {@code numpy.save} wrote: {@code float32}, little-endian, last axis fastest.
 *
 * @see NpyWriter
 */
public final class NpyReader {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d, ]*)\\)");

    private NpyReader() {}

    /**
     * An array.
     *
     * @param data the values, last axis fastest
     * @param shape sizes of the axes
     */
    public record FloatArray(float[] data, int... shape) {}

    /**
     * Reads a file.
     *
     * @throws FeatureException if it is no such array, or not whole
     * @throws IOException if it cannot be read
     */
    public static FloatArray read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < 12 || !Arrays.equals(MAGIC, Arrays.copyOf(bytes.array(), MAGIC.length))) {
            throw fault(file, "it does not begin as a file of numpy.save");
        }
        int version = bytes.get(6);
        int length = version == 1 ? bytes.getShort(8) & 0xffff : bytes.getInt(8);
        int start = version == 1 ? 10 : 12;
        if (length < 0 || length > bytes.remaining() - start) {
            throw fault(file, "its header is cut off");
        }
        String header = new String(bytes.array(), start, length, StandardCharsets.UTF_8);
        Matcher shape = SHAPE.matcher(header);
        if (!header.matches("(?s).*'descr'\\s*:\\s*'<f4'.*")
                || !header.matches("(?s).*'fortran_order'\\s*:\\s*False.*")
                || !shape.find()) {
            throw fault(
                    file,
                    "it must hold float32, little-endian, in C order, not " + header.strip()
                            + "; numpy.ascontiguousarray(x, dtype='<f4') makes it so");
        }
        int[] sizes;
        long count = 1;
        try {
            sizes = Arrays.stream(shape.group(1).split(","))
                    .map(String::strip)
                    .filter(size -> !size.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            for (int size : sizes) {
                count = Math.multiplyExact(count, size);
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw fault(file, "its shape (" + shape.group(1) + ") is too large");
        }
        bytes.position(start + length);
        if (bytes.remaining() != 4 * count) {
            throw fault(
                    file,
                    "its shape (" + shape.group(1) + ") needs " + 4 * count + " bytes, it has " + bytes.remaining());
        }
        float[] data = new float[(int) count];
        bytes.asFloatBuffer().get(data);
        return new FloatArray(data, sizes);
    }

    private static FeatureException fault(Path file, String what) {
        return new FeatureException(file.toString(), List.of(what));
    }
}
