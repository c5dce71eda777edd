package org.omniscribe.export.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** How numbers lie in a file, little-endian; all are read into floats. */
enum ValueType {
    F32(4),
    F16(2),
    BF16(2),
    F64(8),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private static final int BUFFER = 1 << 20;

    private final int bytes;

    ValueType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /**
     * Reads numbers through a small buffer, so that a file needs no more memory than what is wanted of it.
     *
     * @param position byte at which the first is
     * @param count how many
     * @throws IOException if the file ends before, or cannot be read
     * @throws ArithmeticException if a whole number has no exact float
     */
    float[] read(FileChannel channel, long position, int count) throws IOException {
        float[] data = new float[count];
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, Math.max(8L, (long) count * bytes)))
                .order(ByteOrder.LITTLE_ENDIAN);
        long from = position;
        for (int at = 0; at < count; ) {
            int now = Math.min(count - at, buffer.capacity() / bytes);
            buffer.clear().limit(now * bytes);
            while (buffer.hasRemaining()) {
                int read = channel.read(buffer, from);
                if (read < 0) {
                    throw new EOFException("the file became shorter while it was read");
                }
                from += read;
            }
            convert(buffer.flip(), data, at, now);
            at += now;
        }
        return data;
    }

    private void convert(ByteBuffer in, float[] data, int at, int count) {
        switch (this) {
            case F32 -> in.asFloatBuffer().get(data, at, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    data[at + i] = Float16.toFloat(in.getShort());
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    data[at + i] = Float.intBitsToFloat(in.getShort() << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    data[at + i] = (float) in.getDouble();
                }
            }
            case I64, I32, I16, I8, U8, BOOL -> {
                for (int i = 0; i < count; i++) {
                    long value = whole(in);
                    data[at + i] = value;
                    if ((long) data[at + i] != value || value == Long.MAX_VALUE) {
                        throw new ArithmeticException(
                                value + " at element " + (at + i) + ", which no float holds exactly");
                    }
                }
            }
        }
    }

    private long whole(ByteBuffer in) {
        return switch (this) {
            case I64 -> in.getLong();
            case I32 -> in.getInt();
            case I16 -> in.getShort();
            case I8 -> in.get();
            default -> in.get() & 0xff;
        };
    }
}
