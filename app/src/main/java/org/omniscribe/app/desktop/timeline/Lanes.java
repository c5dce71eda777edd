package org.omniscribe.app.desktop.timeline;

/**
 * Which strips lie one above the other, and how high each is in pixels; 0 leaves one out. From top to bottom: the ruler,
 * the waveform, the spectrogram, the words, and a row for each layer.
 *
 * @param ruler height of the ruler
 * @param wave height of the waveform
 * @param spectrum height of the spectrogram
 * @param words height of the line of words
 * @param row height of a layer's row
 * @param layers number of layers
 */
public record Lanes(double ruler, double wave, double spectrum, double words, double row, int layers) {
    /** Space between two lanes. */
    static final double GAP = 6;

    /** Space for labels at the left. */
    static final double GUTTER = 64;

    /** Waveform and ruler alone. */
    public static Lanes sound() {
        return new Lanes(20, 56, 0, 0, 0, 0);
    }

    /** Waveform, and the layers below it in low rows. */
    public static Lanes compact(int layers) {
        return new Lanes(20, 44, 0, 0, layers > 12 ? 5 : 8, layers);
    }

    /** All lanes. */
    public static Lanes all(int layers) {
        return new Lanes(22, 64, 84, 26, layers > 12 ? 14 : layers > 8 ? 18 : 24, layers);
    }

    double waveTop() {
        return ruler == 0 ? 0 : ruler + GAP;
    }

    double spectrumTop() {
        return waveTop() + (wave == 0 ? 0 : wave + GAP);
    }

    double wordsTop() {
        return spectrumTop() + (spectrum == 0 ? 0 : spectrum + GAP);
    }

    double rowsTop() {
        return wordsTop() + (words == 0 ? 0 : words + GAP);
    }

    /** Height of all lanes. */
    public double height() {
        return rowsTop() + row * layers;
    }

    /** The layer at a height; -1 outside the rows. */
    int layerAt(double y) {
        return row == 0 || y < rowsTop() || y >= height() ? -1 : (int) ((y - rowsTop()) / row);
    }
}
