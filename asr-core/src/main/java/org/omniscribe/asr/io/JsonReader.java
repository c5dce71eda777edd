package org.omniscribe.asr.io;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One value of a JSON text, read strictly: every field that is missing, unknown, there twice or of the wrong kind becomes
 * a fault that names its path, such as {@code network.layers[2].width}. A faulty value reads as 0, false, an empty list
 * or null, so that reading goes on and finds all faults; the caller looks at the {@link Faults} before using anything.
 *
 * <p>Texts are UTF-8 (UTF-16 with a byte order mark), nested at most 100 deep, with numbers of at most 100 digits. Messages
 * name no class. Not thread-safe.
 */
public final class JsonReader {
    private static final int MAX_SHOWN = 60;

    private final JsonNode node;
    private final String path;
    private final Faults faults;
    private final Set<String> taken = new HashSet<>();
    private boolean refused;

    private JsonReader(JsonNode node, String path, Faults faults) {
        this.node = node == null ? MissingNode.getInstance() : node;
        this.path = path;
        this.faults = faults;
    }

    /** The value of a text. */
    public static JsonReader of(byte[] text, Faults faults) {
        return new JsonReader(JsonText.tree(text, false, faults), "", faults);
    }

    /** The value of a text. */
    public static JsonReader of(String text, Faults faults) {
        return new JsonReader(JsonText.tree(text, false, faults), "", faults);
    }

    /** The value of a text that a person wrote: it may hold the comments of Java. */
    public static JsonReader ofCommented(byte[] text, Faults faults) {
        return new JsonReader(JsonText.tree(text, true, faults), "", faults);
    }

    /** A value that was parsed already. */
    public static JsonReader of(JsonNode node, Faults faults) {
        return new JsonReader(node, "", faults);
    }

    /** Where the value is in its text; empty for the whole. */
    public String path() {
        return path;
    }

    /** Whether there is a value; it may be of any kind. */
    public boolean there() {
        return !node.isMissingNode();
    }

    /** Notes a fault of this value. */
    public void fault(String what) {
        faults.add(path.isEmpty() ? what : path + ": " + what);
    }

    // ---- objects

    /** A field that must be there. */
    public JsonReader field(String name) {
        JsonReader value = take(name);
        if (!value.there() && object()) {
            faults.add(value.path + " is missing");
        }
        return value;
    }

    /** A field that may be missing, or null. */
    public Optional<JsonReader> optional(String name) {
        JsonReader value = take(name);
        object();
        return value.there() && !value.node.isNull() ? Optional.of(value) : Optional.empty();
    }

    private JsonReader take(String name) {
        taken.add(name);
        return new JsonReader(node.get(name), path(path, name), faults);
    }

    private boolean object() {
        if (there() && !node.isObject() && !refused) {
            refused = true;
            wrong("an object");
        }
        return node.isObject();
    }

    /** Notes every field that was not asked for as unknown. */
    public void end() {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!taken.contains(field.getKey())) {
                faults.add("unknown field " + path(path, field.getKey()));
            }
        }
    }

    /** The members of an object whose names are free, in their order. */
    public Map<String, JsonReader> members() {
        Map<String, JsonReader> members = new LinkedHashMap<>();
        if (object()) {
            node.properties().forEach(field -> members.put(field.getKey(), take(field.getKey())));
        }
        return members;
    }

    /** The elements of a list. */
    public List<JsonReader> list() {
        List<JsonReader> elements = new ArrayList<>();
        if (there() && !node.isArray()) {
            wrong("a list");
            return elements;
        }
        for (int i = 0; i < node.size(); i++) {
            elements.add(new JsonReader(node.get(i), path + "[" + i + "]", faults));
        }
        return elements;
    }

    /** The elements of a list, each read in the same way. */
    public <T> List<T> list(Function<JsonReader, T> element) {
        List<T> values = new ArrayList<>();
        list().forEach(value -> values.add(element.apply(value)));
        return values;
    }

    // ---- values

    /** A whole number of 32 bits; 0 after a fault. */
    public int integer() {
        return node.canConvertToExactIntegral() && node.canConvertToInt()
                ? node.intValue()
                : faulty(
                        node.isNumber()
                                ? "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE
                                : "a whole number",
                        0);
    }

    /** A whole number of 64 bits; 0 after a fault. */
    public long wholeNumber() {
        return node.canConvertToExactIntegral() && node.canConvertToLong()
                ? node.longValue()
                : faulty("a whole number of at most 64 bits", 0L);
    }

    /** A finite number; 0 after a fault. */
    public double number() {
        return node.isNumber() && Double.isFinite(node.doubleValue()) ? node.doubleValue() : faulty("a number", 0.0);
    }

    /** True or false. */
    public boolean flag() {
        return node.isBoolean() ? node.booleanValue() : faulty("true or false", false);
    }

    /** A text; empty after a fault. */
    public String text() {
        return node.isTextual() ? node.textValue() : faulty("a text", "");
    }

    /** A time such as {@code 2026-11-29T01:02:03Z}; null after a fault. */
    public Instant instant() {
        try {
            return node.isTextual() ? Instant.parse(node.textValue()) : faulty("a time as text", null);
        } catch (DateTimeException e) {
            return faulty("a time such as 2026-11-29T01:02:03Z", null);
        }
    }

    /** One of a few words, in capitals or not; null after a fault. */
    public <E extends Enum<E>> E constant(Class<E> type) {
        return type.cast(oneOf(type.getEnumConstants()));
    }

    private Object oneOf(Object[] constants) {
        String word = node.isTextual() ? node.textValue().toUpperCase(Locale.ROOT) : "";
        List<String> names =
                Arrays.stream(constants).map(c -> ((Enum<?>) c).name()).toList();
        int index = names.indexOf(word);
        return index >= 0 ? constants[index] : faulty("one of " + String.join(", ", names), null);
    }

    /** Whatever it is. */
    public JsonNode node() {
        return node;
    }

    /** Notes that the value is not what it must be; the message quotes the beginning of it. */
    public void wrong(String wanted) {
        faults.add((path.isEmpty() ? "it" : path) + " must be " + wanted + ", not "
                + quote(node.isNumber() ? node.asText() : node.toString()));
    }

    private <T> T faulty(String wanted, T otherwise) {
        if (there()) {
            wrong(wanted);
        }
        return otherwise;
    }

    // ---- records

    /**
     * A record whose components are the fields of an object. All must be there but those of type {@link Optional}, and
     * there are no others. Components are numbers, truth values, texts, times, constants, records, sealed interfaces (their
     * {@link JsonSubTypes} name the record by the field {@code kind}), lists and maps of these, and {@link JsonNode} for what
     * is read later. What the constructor refuses is a fault, too.
     *
     * @return null after a fault
     */
    public <R extends Record> R record(Class<R> type) {
        return type.cast(read(type, null));
    }

    /**
     * A record whose constructor decides about missing components: they are null, 0 or false to it.
     *
     * @return null after a fault
     */
    public <R extends Record> R partial(Class<R> type) {
        return type.cast(read(type, Set.of()));
    }

    /**
     * A record of which some components may be missing or null: they are null, 0 or false to its constructor.
     *
     * @return null after a fault
     */
    public <R extends Record> R record(Class<R> type, String... mayBeMissing) {
        return type.cast(read(type, Set.of(mayBeMissing)));
    }

    private Object build(Class<?> type, Set<String> mayBeMissing) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Set<String> inner = mayBeMissing != null && mayBeMissing.isEmpty() ? mayBeMissing : null;
        int before = faults.size();
        if (!object()) {
            return null;
        }
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            Type component = components[i].getGenericType();
            boolean may = mayBeMissing != null && (mayBeMissing.isEmpty() || mayBeMissing.contains(name));
            if (components[i].getType() == Optional.class) {
                Type content = ((ParameterizedType) component).getActualTypeArguments()[0];
                values[i] = optional(name).map(value -> value.read(content, inner));
            } else {
                JsonReader value = may ? optional(name).orElse(null) : field(name);
                values[i] =
                        value != null && value.there() ? value.read(component, inner) : zero(components[i].getType());
            }
        }
        end();
        return faults.size() == before ? construct(type, components, values) : null;
    }

    /** A record of a sealed interface, chosen by the field {@code kind}. */
    private Object oneKind(Class<?> type, Set<String> mayBeMissing) {
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        for (JsonSubTypes.Type each : type.getAnnotation(JsonSubTypes.class).value()) {
            kinds.put(each.name(), each.value());
        }
        JsonReader kind = field("kind");
        if (!kind.there()) {
            return null;
        }
        String name = kind.node.isTextual() ? kind.node.textValue().toUpperCase(Locale.ROOT) : "";
        return kinds.containsKey(name)
                ? build(kinds.get(name), mayBeMissing)
                : kind.faulty("one of " + String.join(", ", kinds.keySet()), null);
    }

    private Object construct(Class<?> type, RecordComponent[] components, Object[] values) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException || e.getCause() instanceof OmniscribeException) {
                fault(e.getCause().getMessage());
                return null;
            }
            throw new IllegalStateException(type + " cannot be made of " + quote(node.toString()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no record that can be read", e);
        }
    }

    private Object read(Type type, Set<String> mayBeMissing) {
        if (type instanceof ParameterizedType generic) {
            Type inner = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == List.class) {
                return Collections.unmodifiableList(list(value -> value.read(inner, mayBeMissing)));
            }
            Map<String, Object> map = new LinkedHashMap<>();
            members().forEach((name, value) -> map.put(name, value.read(inner, mayBeMissing)));
            return generic.getRawType() == SortedMap.class
                    ? Collections.unmodifiableSortedMap(new TreeMap<>(map))
                    : Collections.unmodifiableMap(map);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == JsonNode.class) {
            return node;
        }
        if (node.isNull()) {
            faults.add((path.isEmpty() ? "it" : path) + " is null");
            return zero(plain);
        }
        if (plain.isRecord()) {
            return build(plain, mayBeMissing);
        }
        if (plain.isSealed()) {
            return oneKind(plain, mayBeMissing);
        }
        return plain.isEnum() ? oneOf(plain.getEnumConstants()) : scalar(plain);
    }

    private Object scalar(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return integer();
        }
        if (type == long.class || type == Long.class) {
            return wholeNumber();
        }
        if (type == double.class || type == Double.class) {
            return number();
        }
        if (type == float.class || type == Float.class) {
            return (float) number();
        }
        if (type == boolean.class || type == Boolean.class) {
            return flag();
        }
        if (type == Instant.class) {
            return instant();
        }
        if (type == String.class) {
            return text();
        }
        throw new IllegalArgumentException(type + " is no type that JSON is read as");
    }

    private static Object zero(Class<?> type) {
        if (!type.isPrimitive()) {
            return null;
        }
        if (type == boolean.class) {
            return false;
        }
        return type == int.class
                ? (Object) 0
                : type == long.class ? (Object) 0L : type == float.class ? (Object) 0f : 0.0;
    }

    /** A path with a name added; names that hold dots or white space are quoted. */
    static String path(String path, String name) {
        String last = name.matches("[\\w$@/-]+") ? name : quote("\"" + name + "\"");
        return path.isEmpty() ? last : path + "." + last;
    }

    /** The beginning of a text for a message, with control characters as escapes. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_SHOWN); i++) {
            char c = text.charAt(i);
            quoted.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return quoted.append(text.length() > MAX_SHOWN ? "..." : "").toString();
    }
}
