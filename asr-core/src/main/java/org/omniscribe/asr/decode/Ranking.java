package org.omniscribe.asr.decode;

/** Finds the place of a value among others without sorting them all (Hoare 1961). */
final class Ranking {
    private Ranking() {}

    /**
     * The n-th greatest value.
     *
     * @param values reordered
     * @param size how many of them count
     * @param n 1 for the greatest, at most {@code size}
     */
    static double greatest(double[] values, int size, int n) {
        int low = 0;
        int high = size - 1;
        int wanted = n - 1;
        while (low < high) {
            double pivot = values[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] > pivot) {
                    i++;
                }
                while (values[j] < pivot) {
                    j--;
                }
                if (i <= j) {
                    double swap = values[i];
                    values[i++] = values[j];
                    values[j--] = swap;
                }
            }
            if (wanted <= j) {
                high = j;
            } else if (wanted >= i) {
                low = i;
            } else {
                break;
            }
        }
        return values[wanted];
    }
}
