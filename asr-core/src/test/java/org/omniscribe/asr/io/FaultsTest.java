package org.omniscribe.asr.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final Faults faults = new Faults();

    @Test
    void whatHoldsIsNoFault() {
        assertTrue(faults.positive("a", 1));
        assertTrue(faults.positive("a", 1e-300));
        assertTrue(faults.atLeast("a", 0, 0));
        assertTrue(faults.range("a", 3, 3, 3));
        assertTrue(faults.range("a", 0.5, 0.5, 1));
        assertTrue(faults.share("a", 1));
        assertTrue(faults.shareBelowOne("a", 0));
        assertTrue(faults.notBlank("a", "b"));
        assertTrue(faults.notEmpty("a", List.of(1)));
        assertTrue(faults.finite("a", -1));
        assertTrue(faults.isEmpty());
        faults.orThrow("anything");
        assertEquals("", faults.text());
    }

    @Test
    void everyGuardNamesFieldAndValue() {
        assertFalse(faults.positive("width", 0));
        assertFalse(faults.positive("rate", Double.NaN));
        assertFalse(faults.positive("rate", Double.POSITIVE_INFINITY));
        assertFalse(faults.atLeast("steps", -1, 0));
        assertFalse(faults.range("threads", 0, 1, 64));
        assertFalse(faults.range("pause", Double.NaN, 0.25, 10));
        assertFalse(faults.share("weight", 1.5));
        assertFalse(faults.shareBelowOne("dropout", 1));
        assertFalse(faults.notBlank("name", " "));
        assertFalse(faults.notBlank("name", null));
        assertFalse(faults.notEmpty("list", List.of()));
        assertFalse(faults.finite("mean", Double.NEGATIVE_INFINITY));
        assertEquals(
                List.of(
                        "width must be positive, not 0",
                        "rate must be positive, not NaN",
                        "rate must be positive, not Infinity",
                        "steps must be at least 0, not -1",
                        "threads must be from 1 to 64, not 0",
                        "pause must be from 0.25 to 10, not NaN",
                        "weight must be from 0 to 1, not 1.5",
                        "dropout must be at least 0 and less than 1, not 1.0",
                        "name is blank",
                        "name is missing",
                        "list is empty",
                        "mean must be a finite number, not -Infinity"),
                faults.list());
    }

    @Test
    void partsHaveAPathAndCountForTheWhole() {
        Faults model = faults.under("model");
        Faults network = model.under("network");
        network.positive("width", 0);
        network.add("no layers");
        faults.add("no name");
        assertEquals(
                List.of("model.network.width must be positive, not 0", "model.network: no layers", "no name"),
                faults.list());
        assertEquals(List.of("width must be positive, not 0", "no layers"), network.list());
        assertTrue(faults.under("other").isEmpty());
    }

    @Test
    void allFaultsAreThrownAtOnceAndManyAreCounted() {
        faults.add("one");
        faults.check(false, () -> "two");
        assertEquals(
                "x.json: one; two",
                assertThrows(IllegalArgumentException.class, () -> faults.orThrow("x.json"))
                        .getMessage());
        assertEquals(
                "one; two",
                assertThrows(IllegalStateException.class, () -> faults.orThrow(IllegalStateException::new))
                        .getMessage());
        for (int i = 0; i < 20_000; i++) {
            faults.add("many");
        }
        assertTrue(faults.text().endsWith("; and 19802 more"), faults.text());
        assertEquals(20_002, faults.size());
    }
}
