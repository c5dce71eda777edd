package org.omniscribe.asr.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The last numbers of a row that grows at its end, in memory that ONNX Runtime reads in place. What is too old is left
 * lying until there is no room behind it, so that a number is moved once in a while and not at every step. Not thread-safe.
 */
final class Tail {
    private final int most;
    private FloatBuffer values = room(0);
    private int begin;
    private int end;

    /**
     * @param most numbers to keep
     */
    Tail(int most) {
        this.most = most;
    }

    /** Adds numbers, of which only the last may stay. */
    void add(float[] more) {
        int taken = Math.min(more.length, most);
        begin = Math.max(begin, end + taken - most);
        if (end + taken > values.capacity()) {
            makeRoom(taken);
        }
        values.clear().position(end).put(more, more.length - taken, taken);
        end += taken;
    }

    private void makeRoom(int taken) {
        int kept = end - begin;
        values.clear().position(begin).limit(end);
        int wanted = (int) Math.min(2L * (kept + taken), most + most / 2L + taken);
        if (wanted > values.capacity()) {
            values = room(wanted).put(values);
        } else {
            values.compact();
        }
        begin = 0;
        end = kept;
    }

    /** What is kept; to be read before more is added. */
    FloatBuffer view() {
        return values.duplicate().clear().position(begin).limit(end).slice();
    }

    private static FloatBuffer room(int numbers) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, numbers))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
