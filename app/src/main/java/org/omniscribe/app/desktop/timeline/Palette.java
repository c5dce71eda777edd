package org.omniscribe.app.desktop.timeline;

/**
 * The colours of experts.
 *
 * <p>The first eight are those of Okabe and Ito, <i>Color Universal Design</i> (2008), which people with any kind of
 * colour blindness tell apart, with dark grey for their black; the next eight are lighter, and the eight after those darker.
 * From the 25th on they come again; the expert's number, drawn in the cells, tells them apart.
 */
public final class Palette {
    /** Number of different colours. */
    public static final int SIZE = 24;

    private static final int[] BASE = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442, 0x5a5a5a};
    private static final int OPAQUE = 0xff000000;
    private static final int WHITE = 0xffffff;
    private static final double LIGHTER = 0.55;
    private static final double DARKER = 0.45;

    private Palette() {}

    /**
     * The colour of an expert.
     *
     * @param expert from 0
     * @return opaque ARGB
     */
    public static int of(int expert) {
        int base = BASE[expert % BASE.length];
        return OPAQUE
                | switch (expert % SIZE / BASE.length) {
                    case 0 -> base;
                    case 1 -> mix(base, WHITE, LIGHTER);
                    default -> mix(base, 0, DARKER);
                };
    }

    /** The colour of an expert as HTML writes it. */
    public static String hex(int expert) {
        return String.format("#%06x", of(expert) & WHITE);
    }

    /** Black or white, whichever is better to read on a colour (ARGB): the larger WCAG 2 contrast. */
    public static int inkOn(int colour) {
        double luminance = 0.2126 * linear(colour >> 16 & 0xff)
                + 0.7152 * linear(colour >> 8 & 0xff)
                + 0.0722 * linear(colour & 0xff);
        return OPAQUE | ((luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? 0 : WHITE);
    }

    /**
     * A colour between two.
     *
     * @param share of the second, 0 to 1
     */
    static int mix(int colour, int other, double share) {
        int result = 0;
        for (int shift = 0; shift <= 24; shift += 8) {
            double a = colour >>> shift & 0xff;
            double b = other >>> shift & 0xff;
            result |= (int) Math.round(a + (b - a) * share) << shift;
        }
        return result;
    }

    private static double linear(int component) {
        double c = component / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
