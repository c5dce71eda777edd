package org.omniscribe.asr.io;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads records from JSON strictly: every component must be there unless it is named as optional, nothing else may be
 * there, and nothing is converted. Every fault is reported with its path; one does not hide another.
 *
 * <p>A component may be a number, boolean, text, {@link Instant}, enumeration (by name, in any case), list, map by text,
 * record, or a sealed interface whose {@link JsonSubTypes} name its records by the member {@code kind}.
 */
public final class JsonRecords {
    private static final String KIND = "kind";

    private final List<String> faults;
    private final Set<String> optional;

    /**
     * A reader.
     *
     * @param faults where every fault goes
     * @param optional paths of the components that may be missing, such as {@code architecture.decoder}; they are null then
     */
    public JsonRecords(List<String> faults, Set<String> optional) {
        this.faults = faults;
        this.optional = Set.copyOf(optional);
    }

    /**
     * Reads one value.
     *
     * @param value the JSON
     * @param type what to read
     * @param path its name in messages; empty for the whole file
     * @return the value; null if it has a fault
     */
    public <T> T read(JsonNode value, Class<T> type, String path) {
        return type.cast(value(value, type, path));
    }

    /**
     * Reads a member of an object whose name is known to be right.
     *
     * @param object the object
     * @param component the component of a record that the member becomes
     * @param path of the object
     * @return the value; null if it is missing or has a fault
     */
    private Object member(JsonNode object, RecordComponent component, String path) {
        String name = join(path, component.getName());
        JsonNode value = object.get(component.getName());
        if (value == null) {
            if (!optional.contains(name)) {
                faults.add(name + " is missing");
            }
            return null;
        }
        return value(value, component.getGenericType(), name);
    }

    private Object value(JsonNode value, Type type, String path) {
        if (type instanceof ParameterizedType container) {
            return container.getRawType() == List.class
                    ? list(value, container.getActualTypeArguments()[0], path)
                    : map(value, container.getActualTypeArguments()[1], path);
        }
        Class<?> wanted = (Class<?>) type;
        if (wanted.isEnum()) {
            return constant(value, wanted, path);
        }
        if (wanted.isRecord()) {
            return object(value, path) ? record(value, wanted, path, false) : null;
        }
        if (wanted.isSealed()) {
            return object(value, path) ? sealed(value, wanted, path) : null;
        }
        return scalar(value, wanted, path);
    }

    private Object scalar(JsonNode value, Class<?> wanted, String path) {
        if (wanted == int.class || wanted == Integer.class) {
            return value.isInt() ? (Object) value.intValue() : fault(path, "a whole number", value);
        }
        if (wanted == long.class || wanted == Long.class) {
            return value.isIntegralNumber() && value.canConvertToLong()
                    ? (Object) value.longValue()
                    : fault(path, "a whole number", value);
        }
        if (wanted == double.class || wanted == Double.class) {
            return value.isNumber() ? (Object) value.doubleValue() : fault(path, "a number", value);
        }
        if (wanted == float.class || wanted == Float.class) {
            return value.isNumber() ? (Object) value.floatValue() : fault(path, "a number", value);
        }
        if (wanted == boolean.class || wanted == Boolean.class) {
            return value.isBoolean() ? (Object) value.booleanValue() : fault(path, "true or false", value);
        }
        if (wanted == String.class) {
            return value.isTextual() ? value.textValue() : fault(path, "text", value);
        }
        if (wanted == Instant.class) {
            try {
                return value.isTextual() ? Instant.parse(value.textValue()) : fault(path, "a time", value);
            } catch (DateTimeException e) {
                return fault(path, "a time such as 2026-11-22T00:00:00Z", value);
            }
        }
        throw new IllegalArgumentException("no JSON form of " + wanted);
    }

    private Object constant(JsonNode value, Class<?> wanted, String path) {
        for (Object constant : wanted.getEnumConstants()) {
            if (value.isTextual() && constant.toString().equals(value.textValue().toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        String choices = Arrays.stream(wanted.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", "));
        return fault(path, "one of " + choices, value);
    }

    private List<Object> list(JsonNode value, Type element, String path) {
        if (!value.isArray()) {
            fault(path, "a list", value);
            return null;
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            list.add(value(value.get(i), element, path + "[" + i + "]"));
        }
        return list;
    }

    private Map<String, Object> map(JsonNode value, Type element, String path) {
        if (!object(value, path)) {
            return null;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        value.properties().forEach(entry ->
                map.put(entry.getKey(), value(entry.getValue(), element, join(path, entry.getKey()))));
        return map;
    }

    private Object sealed(JsonNode value, Class<?> wanted, String path) {
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        for (JsonSubTypes.Type kind : wanted.getAnnotation(JsonSubTypes.class).value()) {
            kinds.put(kind.name(), kind.value());
        }
        JsonNode kind = value.get(KIND);
        if (kind == null) {
            faults.add(join(path, KIND) + " is missing");
            return null;
        }
        Class<?> chosen = kind.isTextual() ? kinds.get(kind.textValue().toUpperCase(Locale.ROOT)) : null;
        return chosen == null
                ? fault(join(path, KIND), "one of " + String.join(", ", kinds.keySet()), kind)
                : record(value, chosen, path, true);
    }

    private Object record(JsonNode value, Class<?> type, String path, boolean hasKind) {
        int before = faults.size();
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        Set<String> unknown = new LinkedHashSet<>();
        value.fieldNames().forEachRemaining(unknown::add);
        if (hasKind) {
            unknown.remove(KIND);
        }
        for (int i = 0; i < components.length; i++) {
            unknown.remove(components[i].getName());
            types[i] = components[i].getType();
            values[i] = member(value, components[i], path);
        }
        unknown.forEach(name -> faults.add("unknown field " + join(path, name)));
        if (faults.size() > before) {
            return null;
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal && refusal.getMessage() != null) {
                faults.add((path.isEmpty() ? "" : path + ": ") + refusal.getMessage());
                return null;
            }
            throw new IllegalStateException("the constructor of " + type + " failed", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private boolean object(JsonNode value, String path) {
        if (!(value instanceof ObjectNode)) {
            fault(path.isEmpty() ? "it" : path, "an object", value);
            return false;
        }
        return true;
    }

    private Object fault(String path, String wanted, JsonNode value) {
        faults.add(path + " must be " + wanted + ", not " + value);
        return null;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
