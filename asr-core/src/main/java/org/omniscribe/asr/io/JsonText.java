package org.omniscribe.asr.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Makes a tree of a JSON text, and faults of all in it that is not well-formed or there twice. */
final class JsonText {
    /** Objects and lists inside one another. */
    static final int MAX_DEPTH = 100;
    /** Characters of a number. */
    static final int MAX_DIGITS = 100;
    /** Bytes of a text. */
    static final int MAX_BYTES = 256 << 20;
    /** Characters of the text that a message quotes. */
    private static final int QUOTED = 24;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(2 * MAX_DEPTH)
            .maxNumberLength(MAX_DIGITS)
            .maxStringLength(MAX_BYTES)
            .build();
    private static final JsonFactory PLAIN = factory(false);
    private static final JsonFactory COMMENTED = factory(true);

    private final String text;
    private final Faults faults;
    private int depth;

    private JsonText(String text, Faults faults) {
        this.text = text;
        this.faults = faults;
    }

    private static JsonFactory factory(boolean comments) {
        return new JsonFactoryBuilder()
                .streamReadConstraints(LIMITS)
                // Every name of a file would be kept for as long as the program runs.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .configure(JsonReadFeature.ALLOW_JAVA_COMMENTS, comments)
                .build();
    }

    /** The tree, or null if there is a fault. */
    static JsonNode tree(byte[] bytes, boolean comments, Faults faults) {
        if (bytes.length > MAX_BYTES) {
            faults.add("it has " + bytes.length + " bytes, more than the " + MAX_BYTES + " that are read");
            return null;
        }
        try {
            return tree(decode(bytes), comments, faults);
        } catch (CharacterCodingException e) {
            faults.add("it is not UTF-8 text");
            return null;
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        boolean wide = bytes.length >= 2
                && ((bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xff) == 0xff
                        || (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe);
        Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /** The tree, or null if there is a fault. */
    static JsonNode tree(String text, boolean comments, Faults faults) {
        String json = text.startsWith("\ufeff") ? text.substring(1) : text;
        return new JsonText(json, faults).read(comments ? COMMENTED : PLAIN);
    }

    private JsonNode read(JsonFactory factory) {
        int before = faults.size();
        try (JsonParser parser = factory.createParser(text)) {
            if (parser.nextToken() == null) {
                faults.add("it is empty, where JSON is needed");
                return null;
            }
            JsonNode node = value(parser, "");
            if (node != null && parser.nextToken() != null) {
                faults.add("there is more behind its end, in line "
                        + parser.currentTokenLocation().getLineNr());
            }
            return faults.size() == before ? node : null;
        } catch (IOException e) {
            faults.add(reason(e));
            return null;
        }
    }

    private String reason(IOException e) {
        JsonLocation place = e instanceof JsonProcessingException json ? json.getLocation() : null;
        String where = place == null ? "" : " in line " + place.getLineNr();
        if (e instanceof JsonProcessingException json
                && json.getOriginalMessage().startsWith("Unexpected end-of-input")) {
            return "it ends too early," + where;
        }
        if (e instanceof StreamConstraintsException) {
            return "a number with more than " + MAX_DIGITS + " digits, or a name that is too long," + where;
        }
        int end = place == null ? 0 : (int) Math.max(0, Math.min(text.length(), place.getCharOffset()));
        String near = text.substring(text.lastIndexOf('\n', end - 1) + 1, end).strip();
        near = near.length() > QUOTED ? near.substring(near.length() - QUOTED) : near;
        return "it is not well-formed JSON" + where + (near.isEmpty() ? "" : ", near " + JsonReader.quote(near));
    }

    /** The value whose first token was read; null if it is nested too deep. */
    private JsonNode value(JsonParser parser, String path) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        switch (parser.currentToken()) {
            case START_OBJECT:
                return nested(path) ? object(parser, path) : null;
            case START_ARRAY:
                return nested(path) ? array(parser, path) : null;
            case VALUE_STRING:
                return nodes.textNode(parser.getText());
            case VALUE_NUMBER_INT:
                return switch (parser.getNumberType()) {
                    case INT -> nodes.numberNode(parser.getIntValue());
                    case LONG -> nodes.numberNode(parser.getLongValue());
                    default -> nodes.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT:
                return nodes.numberNode(parser.getDoubleValue());
            case VALUE_TRUE:
                return nodes.booleanNode(true);
            case VALUE_FALSE:
                return nodes.booleanNode(false);
            default:
                return nodes.nullNode();
        }
    }

    private boolean nested(String path) {
        depth++;
        return faults.check(depth <= MAX_DEPTH, () -> "it is nested more than " + MAX_DEPTH + " deep");
    }

    private JsonNode object(JsonParser parser, String path) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            String inner = JsonReader.path(path, name);
            JsonNode member = value(parser, inner);
            if (member == null) {
                return null;
            }
            if (object.has(name)) {
                faults.add(inner + " is there twice");
            }
            object.set(name, member);
        }
        depth--;
        return object;
    }

    private JsonNode array(JsonParser parser, String path) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode element = value(parser, path);
            if (element == null) {
                return null;
            }
            array.add(element);
        }
        depth--;
        return array;
    }
}
