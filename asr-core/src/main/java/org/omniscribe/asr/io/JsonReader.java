package org.omniscribe.asr.io;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
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
    /** Stands for the paths of all components. */
    private static final Set<String> ALL = Collections.unmodifiableSet(new HashSet<>());

    private static final JsonReader NOTHING = new JsonReader(null, "", new Faults());

    private final JsonNode node;
    private final String path;
    private final Faults faults;
    private final Set<String> taken = new HashSet<>();
    private boolean refused;
    private boolean lenient;

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

    /** Leaves fields alone that nobody asks for, here and below: for files of newer versions and of other programs. */
    public JsonReader lenient() {
        lenient = true;
        return this;
    }

    private JsonReader inner(JsonNode value, String name) {
        JsonReader inner = new JsonReader(value, name, faults);
        inner.lenient = lenient;
        return inner;
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
        return inner(node.get(name), path(path, name));
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
            if (!lenient && !taken.contains(field.getKey())) {
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
            elements.add(inner(node.get(i), path + "[" + i + "]"));
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

    /** The name of a file, or its {@code file:} address; null after a fault. */
    public Path file() {
        try {
            String name = node.isTextual() ? node.textValue() : "\0";
            return name.startsWith("file:") ? Path.of(URI.create(name)) : Path.of(name);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return faulty("the name of a file", null);
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
     * there are no others. Components are numbers, truth values, texts, times, constants, records, lists and maps of
     * these, {@link JsonNode} for what is read later, and sealed interfaces whose {@link JsonSubTypes} name their records
     * by the field {@code kind}. What the constructor refuses is a fault, too.
     *
     * @return null after a fault
     */
    public <R extends Record> R record(Class<R> type) {
        return type.cast(read(type, Set.of()));
    }

    /**
     * A record whose constructor decides about missing components: they are null, 0 or false to it.
     *
     * @return null after a fault
     */
    public <R extends Record> R partial(Class<R> type) {
        return type.cast(read(type, ALL));
    }

    /**
     * A record of which some components may be missing or null: they are null, 0 or false to its constructor.
     *
     * @param mayBeMissing paths of these components from the record on, such as {@code decoder.beam}
     * @return null after a fault
     */
    public <R extends Record> R record(Class<R> type, String... mayBeMissing) {
        Set<String> paths = new HashSet<>();
        for (String name : mayBeMissing) {
            paths.add(path.isEmpty() ? name : path + "." + name);
        }
        return type.cast(read(type, paths));
    }

    private Object build(Class<?> type, Set<String> mayBeMissing) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        int before = faults.size();
        if (!object()) {
            return null;
        }
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            Type component = components[i].getGenericType();
            boolean boxed = components[i].getType() == Optional.class;
            boolean may = boxed || mayBeMissing == ALL || mayBeMissing.contains(path(path, name));
            JsonReader value = may ? optional(name).orElse(NOTHING) : field(name);
            if (boxed) {
                Type content = ((ParameterizedType) component).getActualTypeArguments()[0];
                values[i] = Optional.ofNullable(value.there() ? value.read(content, mayBeMissing) : null);
            } else {
                values[i] = value.there() ? value.read(component, mayBeMissing) : zero(components[i].getType());
            }
        }
        end();
        return faults.size() == before ? construct(type, components, values) : null;
    }

    /** One of the records of a sealed interface. */
    private Object kind(Class<?> type, Set<String> mayBeMissing) {
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        for (JsonSubTypes.Type kind : type.getAnnotation(JsonSubTypes.class).value()) {
            kinds.put(kind.name(), kind.value());
        }
        JsonReader kind = field("kind");
        String word = kind.node.isTextual() ? kind.node.textValue().toUpperCase(Locale.ROOT) : "";
        return kinds.containsKey(word)
                ? build(kinds.get(word), mayBeMissing)
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
            if (e.getCause() instanceof NullPointerException) {
                String name = e.getCause().getMessage();
                fault(name != null && name.matches("\\w+") ? name + " is missing" : "a part of it is missing");
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
        if (plain.isArray()) {
            List<Object> elements = list(value -> value.read(plain.getComponentType(), mayBeMissing));
            Object array = Array.newInstance(plain.getComponentType(), elements.size());
            for (int i = 0; i < elements.size(); i++) {
                Array.set(array, i, elements.get(i));
            }
            return array;
        }
        if (node.isNull()) {
            faults.add((path.isEmpty() ? "it" : path) + " is null");
            return zero(plain);
        }
        if (plain.isRecord()) {
            return build(plain, mayBeMissing);
        }
        if (plain.isSealed()) {
            return kind(plain, mayBeMissing);
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
        if (type == Path.class) {
            return file();
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
