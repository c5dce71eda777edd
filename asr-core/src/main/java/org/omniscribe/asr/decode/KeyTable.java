package org.omniscribe.asr.decode;

import java.util.Arrays;

/** Numbers keys in the order in which they come, by open addressing (Knuth 1973, section 6.4), without objects. */
final class KeyTable {
    private long[] keys;
    private int[] numbers;
    /** A place is taken if it has the stamp of this filling. */
    private int[] stamps;

    private int stamp = 1;
    private int size;
    private int mask;

    /** An empty table with room for so many keys before it grows. */
    KeyTable(int room) {
        allocate(Integer.highestOneBit(Math.max(8, room)) << 2);
    }

    private void allocate(int places) {
        keys = new long[places];
        numbers = new int[places];
        stamps = new int[places];
        mask = places - 1;
    }

    /** Forgets all keys. */
    void clear() {
        size = 0;
        if (++stamp == 0) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
    }

    /** How many keys there are. */
    int size() {
        return size;
    }

    /** The number of a key; if it is new, the next number, which is {@link #size} before the call. */
    int number(long key) {
        int place = place(key);
        if (stamps[place] != stamp) {
            if (2 * size >= mask) {
                grow();
                place = place(key);
            }
            stamps[place] = stamp;
            keys[place] = key;
            numbers[place] = size++;
        }
        return numbers[place];
    }

    private int place(long key) {
        // Fibonacci hashing: the high bits of the product depend on all bits of the key.
        long product = key * 0x9E3779B97F4A7C15L;
        int place = (int) (product >>> 32) & mask;
        while (stamps[place] == stamp && keys[place] != key) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        int[] oldStamps = stamps;
        int oldStamp = stamp;
        allocate(2 * oldKeys.length);
        stamp = 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldStamps[i] == oldStamp) {
                int place = place(oldKeys[i]);
                stamps[place] = stamp;
                keys[place] = oldKeys[i];
                numbers[place] = oldNumbers[i];
            }
        }
    }
}
