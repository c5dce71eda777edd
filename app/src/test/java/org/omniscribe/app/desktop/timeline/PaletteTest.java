package org.omniscribe.app.desktop.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Colour-blind people tell the experts apart. */
class PaletteTest {
    /** Machado, Oliveira and Fernandes (2009), table 1, severity 1: protanopia, deuteranopia, tritanopia; linear RGB. */
    private static final double[][][] BLINDNESS = {
        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
        {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
        {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
    };

    /** CIE 1976 colour difference that is seen at a glance; 2.3 is just noticeable. */
    private static final double AT_A_GLANCE = 15;

    @Test
    void theFirstEightDifferForEveryKindOfSight() {
        for (double[][] sight : BLINDNESS) {
            for (int a = 0; a < 8; a++) {
                for (int b = 0; b < a; b++) {
                    double[] p = lab(Palette.of(a), sight);
                    double[] q = lab(Palette.of(b), sight);
                    double difference = Math.hypot(Math.hypot(p[0] - q[0], p[1] - q[1]), p[2] - q[2]);
                    assertTrue(difference > AT_A_GLANCE, "experts " + a + " and " + b + ": " + difference);
                }
            }
        }
    }

    @Test
    void twentyFourExpertsHaveColoursOfTheirOwn() {
        Set<Integer> colours = new HashSet<>();
        for (int expert = 0; expert < Palette.SIZE; expert++) {
            colours.add(Palette.of(expert));
        }
        assertEquals(Palette.SIZE, colours.size());
        assertEquals(Palette.of(3), Palette.of(3 + Palette.SIZE));
    }

    @Test
    void inkIsReadableOnEveryColour() {
        assertEquals(0xff000000, Palette.inkOn(0xfff0e442));
        assertEquals(0xffffffff, Palette.inkOn(0xff0072b2));
    }

    private static double[] lab(int argb, double[][] sight) {
        double[] rgb = new double[3];
        for (int i = 0; i < 3; i++) {
            double c = (argb >> (16 - 8 * i) & 0xff) / 255.0;
            rgb[i] = c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
        }
        double[] seen = new double[3];
        for (int i = 0; i < 3; i++) {
            double value = sight[i][0] * rgb[0] + sight[i][1] * rgb[1] + sight[i][2] * rgb[2];
            seen[i] = Math.max(0, Math.min(1, value));
        }
        double x = (0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.9505;
        double y = 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2];
        double z = (0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.089;
        return new double[] {116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))};
    }

    private static double f(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
}
