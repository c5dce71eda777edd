package org.omniscribe.asr.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
    enum Colour {
        RED,
        GREEN
    }

    record Part(int width, List<Double> mean) {
        Part {
            if (width < 1) {
                throw new IllegalArgumentException("width must be positive, not " + width);
            }
        }
    }

    record Whole(
            String name,
            long seed,
            float share,
            boolean on,
            Colour colour,
            Instant made,
            Part part,
            List<Part> parts,
            Map<String, Integer> files,
            Optional<Part> more) {}

    record Loose(String name, int count, Double weight, List<String> list, Part part) {}

    private static final String PART = "{\"width\":3,\"mean\":[1,2.5]}";
    private static final String WHOLE =
            "{\"name\":\"n\",\"seed\":5000000000,\"share\":0.5,\"on\":true,\"colour\":\"green\","
                    + "\"made\":\"2026-11-29T01:02:03Z\",\"part\":" + PART + ",\"parts\":[" + PART
                    + "],\"files\":{\"a.b\":1}}";

    private final Faults faults = new Faults();

    private List<String> faultsOf(String json) {
        Faults own = new Faults();
        assertNull(JsonReader.of(json, own).record(Whole.class), json);
        assertFalse(own.isEmpty(), json);
        return own.list();
    }

    @Test
    void aRecordIsReadFromItsFields() {
        Part part = new Part(3, List.of(1.0, 2.5));
        assertEquals(
                new Whole(
                        "n",
                        5_000_000_000L,
                        0.5f,
                        true,
                        Colour.GREEN,
                        Instant.parse("2026-11-29T01:02:03Z"),
                        part,
                        List.of(part),
                        Map.of("a.b", 1),
                        Optional.empty()),
                JsonReader.of(WHOLE, faults).record(Whole.class));
        assertTrue(faults.isEmpty(), faults.text());
    }

    @Test
    void everyFaultIsNamedWithItsPath() {
        assertEquals(
                List.of(
                        "name must be a text, not 7",
                        "seed must be a whole number of at most 64 bits, not 1.5",
                        "share must be a number, not \"much\"",
                        "on must be true or false, not 1",
                        "colour must be one of RED, GREEN, not \"blue\"",
                        "made must be a time such as 2026-11-29T01:02:03Z, not \"today\"",
                        "part.mean is missing",
                        "unknown field part.means",
                        "parts[0]: width must be positive, not 0",
                        "parts[1].mean[1] must be a number, not [2]",
                        "parts[2] is null",
                        "files.\"a.b\" must be a whole number, not {}",
                        "more must be an object, not []",
                        "unknown field \"\\u0007\""),
                faultsOf("{\"name\":7,\"seed\":1.5,\"share\":\"much\",\"on\":1,\"colour\":\"blue\",\"made\":\"today\","
                        + "\"part\":{\"width\":1,\"means\":[]},\"parts\":[{\"width\":0,\"mean\":[]},"
                        + "{\"width\":1,\"mean\":[1,[2]]},null],\"files\":{\"a.b\":{}},\"more\":[],\"\\u0007\":1}"));
    }

    @Test
    void fieldsThatAreThereTwiceAreFaultsHoweverDeep() {
        assertEquals(
                List.of("part.width is there twice", "seed is there twice"),
                faultsOf("{\"part\":{\"width\":1,\"width\":2},\"seed\":1,\"seed\":1}"));
    }

    @Test
    void missingComponentsMayBeLeftToTheConstructor() {
        assertEquals(
                new Loose("n", 0, null, null, null),
                JsonReader.of("{\"name\":\"n\",\"list\":null}", faults).partial(Loose.class));
        assertEquals(
                new Loose("n", 1, 2.0, List.of("x"), null),
                JsonReader.of("{\"name\":\"n\",\"count\":1,\"weight\":2,\"list\":[\"x\"]}", faults)
                        .record(Loose.class, "part"));
        assertTrue(faults.isEmpty(), faults.text());
        assertNull(JsonReader.of("{\"name\":\"n\"}", faults).record(Loose.class, "part", "list"));
        assertEquals("count is missing; weight is missing", faults.text());
    }

    @Test
    void fieldsCanBeTakenOneByOne() {
        JsonReader json = JsonReader.of("{\"a\":1,\"b\":[true,\"x\"],\"c\":{\"d\":null},\"e\":2}", faults);
        assertEquals(1, json.field("a").integer());
        assertEquals(List.of(true, false), json.field("b").list(JsonReader::flag));
        assertTrue(json.optional("z").isEmpty());
        assertTrue(json.field("c").optional("d").isEmpty());
        assertEquals(0, json.field("f").integer(), "one fault for one thing");
        json.end();
        assertEquals("b[1] must be true or false, not \"x\"; f is missing; unknown field e", faults.text());
    }

    @Test
    void brokenTextsAreNamedByLine() {
        assertEquals(List.of("it ends too early, in line 2"), faultsOf("{\"a\":\n[1,"));
        assertEquals(List.of("it is empty, where JSON is needed"), faultsOf(" "));
        assertEquals(List.of("it must be an object, not 3"), faultsOf("3"));
        assertEquals(List.of("it is null"), faultsOf("null"));
        assertEquals(List.of("there is more behind its end, in line 1"), faultsOf("{} {}"));
        assertEquals(List.of("it is not well-formed JSON in line 2, near \"hop\": 1,"), faultsOf("{\n\"hop\": 1,}"));
        for (String text :
                new String[] {"{'a':1}", "{\"a\":NaN}", "{\"a\":01}", "nul", "{\"a\":\"\\x\"}", "{\"a\" 1}", "// no\n1"
                }) {
            assertTrue(
                    faultsOf(text).get(0).startsWith("it is not well-formed JSON in line 1"),
                    faultsOf(text).get(0));
        }
    }

    @Test
    void sizesAreBounded() {
        assertEquals(List.of("it is nested more than 100 deep"), faultsOf("[".repeat(100_000)));
        assertEquals(List.of("it is nested more than 100 deep"), faultsOf("{\"a\":".repeat(101)));
        assertTrue(faultsOf("1".repeat(2000)).get(0).startsWith("a number with more than 100 digits"));
        assertEquals(
                "seed must be a whole number of at most 64 bits, not Infinity",
                faultsOf("{\"seed\":1e999}").get(1));
        assertTrue(faultsOf("{\"seed\":99999999999999999999}").get(1).startsWith("seed must be a whole number"));
        String quoted = faultsOf("{\"name\":[" + "1,".repeat(1000) + "1]}").get(0);
        assertTrue(quoted.length() < 120, quoted);
    }

    @Test
    void encodingsAreToldByTheirMark() {
        for (String text : List.of("{\"a\":1}", "\ufeff{\"a\":1}")) {
            assertEquals(
                    1,
                    JsonReader.of(text.getBytes(StandardCharsets.UTF_8), faults)
                            .field("a")
                            .integer());
        }
        byte[] wide = "\ufeff{\"a\":2}".getBytes(StandardCharsets.UTF_16LE);
        assertEquals(2, JsonReader.of(wide, faults).field("a").integer());
        assertTrue(faults.isEmpty(), faults.text());
        JsonReader.of(new byte[] {'"', (byte) 0xff, '"'}, faults);
        assertEquals("it is not UTF-8 text", faults.text());
    }

    @Test
    void commentsAreForPeopleOnly() {
        byte[] text = "/* why */ {\"a\": 1} // end".getBytes(StandardCharsets.UTF_8);
        assertEquals(1, JsonReader.ofCommented(text, faults).field("a").integer());
        assertTrue(faults.isEmpty(), faults.text());
        JsonReader.of(text, faults);
        assertFalse(faults.isEmpty());
    }
}
