package org.omniscribe.export.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads Python pickles (protocols 2 to 5) that hold plain containers and tensors, and refuses all else by its name.
 *
 * <p>A pickle is a program that may call anything by name. Here a name only ever becomes a {@link Name}, and the few calls
 * that checkpoints need are made by this class itself: nothing of Python's or Java's can be reached. No opcode makes
 * more than it has bytes for, so memory stays within a small multiple of the pickle's length, and nothing recurses. A
 * library is not used for this: those for Java keep their allowed names in one list for the whole process, and set aside
 * as much memory as a pickle asks for.
 *
 * <p>Opcodes are those of CPython's {@code Lib/pickletools.py}. What is not needed (text opcodes of protocol 0, frames'
 * contents apart, out-of-band buffers, extension codes) is refused.
 */
final class Unpickler {
    /** Longest integer in bytes; PyTorch's magic number has ten. */
    private static final int MAX_INTEGER_BYTES = 64;

    private static final int MAX_AXES = 16;
    private static final int STORAGE_FIELDS = 6;

    private static final Object MARK = new Object();

    /** A global of Python's, such as {@code collections.OrderedDict}. Nothing is behind it. */
    record Name(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /**
     * Where the values of a tensor lie.
     *
     * @param id what the pickle says of the storage: "storage", its type, its key, its device, its number of elements
     */
    record Storage(List<?> id) {}

    /** A tensor as the pickle describes it; offset and strides are in elements. */
    record TensorView(Storage storage, long offset, long[] shape, long[] stride) {}

    private final ByteBuffer in;
    private final String where;
    private final Set<String> opaque;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    /** Entries that may still be copied from one container to another; else a short pickle could copy a long one often. */
    private long copies;

    private Unpickler(ByteBuffer in, String where, Set<String> opaque) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.where = where;
        this.opaque = opaque;
        this.copies = in.remaining();
    }

    /**
     * Reads one pickle; the buffer is left behind it.
     *
     * @param in starts with the pickle
     * @param where what to call it in messages
     * @param opaque classes, as {@code module.name}, that are read as a map of their fields; nothing of them is run
     * @return maps (with insertion order), lists, sets as lists, strings, Long, Double, Boolean, byte[], null,
     *     {@link TensorView}, {@link Name}; containers may hold themselves
     * @throws CheckpointException if it is damaged, or wants something that is not allowed
     */
    static Object read(ByteBuffer in, String where, Set<String> opaque) {
        Unpickler unpickler = new Unpickler(in, where, opaque);
        try {
            return unpickler.run();
        } catch (java.nio.BufferUnderflowException e) {
            throw unpickler.damaged("it ends in the middle");
        } catch (IndexOutOfBoundsException
                | ClassCastException
                | IllegalArgumentException
                | NullPointerException
                | UnsupportedOperationException e) {
            throw unpickler.damaged(e.toString());
        }
    }

    private Object run() {
        while (true) {
            int opcode = in.get() & 0xff;
            if (opcode == '.') {
                Object value = pop();
                if (!stack.isEmpty()) {
                    throw damaged("it leaves " + stack.size() + " values behind");
                }
                return value;
            }
            if (!frame(opcode) && !constant(opcode) && !container(opcode) && !memory(opcode) && !object(opcode)) {
                throw refused(String.format("the opcode 0x%02x at byte %d", opcode, in.position() - 1));
            }
        }
    }

    /** What arranges the stream and the stack; false if the opcode is of another group. */
    private boolean frame(int opcode) {
        switch (opcode) {
            case 0x80 -> {
                int protocol = in.get() & 0xff;
                if (protocol < 2 || protocol > 5) {
                    throw damaged("its protocol is " + protocol + ", only 2 to 5 are read");
                }
            }
            case 0x95 -> in.getLong(); // FRAME: only says how much follows
            case '(' -> push(MARK);
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(top());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Values that stand in the stream; false if the opcode is of another group. */
    private boolean constant(int opcode) {
        switch (opcode) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) in.getInt());
            case 'K' -> push((long) (in.get() & 0xff));
            case 'M' -> push((long) (in.getShort() & 0xffff));
            case 0x8a -> push(integer(in.get() & 0xff));
            case 'G' -> push(in.duplicate().order(ByteOrder.BIG_ENDIAN).getDouble(skip(8)));
            case 'X' -> push(text(in.getInt() & 0xffffffffL));
            case 0x8c -> push(text(in.get() & 0xff));
            case 0x8d -> push(text(in.getLong()));
            case 'T', 'B' -> push(bytes(in.getInt() & 0xffffffffL));
            case 'U', 'C' -> push(bytes(in.get() & 0xff));
            case 0x8e, 0x96 -> push(bytes(in.getLong()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Lists, tuples and maps; false if the opcode is of another group. */
    private boolean container(int opcode) {
        switch (opcode) {
            case '}' -> push(new LinkedHashMap<String, Object>());
            case ']', 0x8f -> push(new ArrayList<>());
            case ')' -> push(List.of());
            case 't' -> push(tuple(popToMark()));
            case 0x85 -> pushTuple(1);
            case 0x86 -> pushTuple(2);
            case 0x87 -> pushTuple(3);
            case 'l', 0x91 -> push(new ArrayList<>(popToMark()));
            case 'd' -> push(map(popToMark(), new LinkedHashMap<>()));
            case 'a' -> {
                Object item = pop();
                list(top()).add(item);
            }
            case 'e', 0x90 -> {
                List<Object> items = popToMark();
                list(top()).addAll(items);
            }
            case 's' -> {
                Object value = pop();
                Object key = pop();
                map(Arrays.asList(key, value), fields(top()));
            }
            case 'u' -> {
                List<Object> items = popToMark();
                map(items, fields(top()));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What is kept to be recalled, and recalled; false if the opcode is of another group. */
    private boolean memory(int opcode) {
        switch (opcode) {
            case 'q' -> memo.put(in.get() & 0xff, top());
            case 'r' -> memo.put(in.getInt(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> push(recall(in.get() & 0xff));
            case 'j' -> push(recall(in.getInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Names, calls and storages; false if the opcode is of another group. */
    private boolean object(int opcode) {
        switch (opcode) {
            case 'c' -> push(allowed(new Name(line(), line())));
            case 0x93 -> {
                String name = (String) pop();
                push(allowed(new Name((String) pop(), name)));
            }
            case 'R', 0x81 -> {
                List<?> arguments = (List<?>) pop();
                push(call((Name) pop(), arguments));
            }
            case 0x92 -> {
                Object keywords = pop();
                List<?> arguments = (List<?>) pop();
                if (!((Map<?, ?>) keywords).isEmpty()) {
                    throw refused("arguments with names");
                }
                push(call((Name) pop(), arguments));
            }
            case 'b' -> {
                Object state = pop();
                build(top(), state);
            }
            case 'Q' -> {
                List<?> id = (List<?>) pop();
                if (id.size() > STORAGE_FIELDS) {
                    throw damaged("a storage has " + id.size() + " fields");
                }
                push(new Storage(Collections.unmodifiableList(new ArrayList<>(id))));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object top() {
        Object value = stack.get(stack.size() - 1);
        if (value == MARK) {
            throw damaged("a mark stands where a value belongs");
        }
        return value;
    }

    private Object pop() {
        Object value = top();
        stack.remove(stack.size() - 1);
        return value;
    }

    private List<Object> popToMark() {
        int mark = stack.size() - 1;
        while (stack.get(mark) != MARK) {
            mark--;
        }
        List<Object> items = new ArrayList<>(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private void pushTuple(int size) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(0, pop());
        }
        push(tuple(items));
    }

    private static List<Object> tuple(List<Object> items) {
        return Collections.unmodifiableList(items);
    }

    private Object recall(int index) {
        if (!memo.containsKey(index)) {
            throw damaged("it recalls value " + index + ", which it never had");
        }
        return memo.get(index);
    }

    /** Keys become text, so that none can be a container with an endless hash code. */
    private Map<String, Object> map(List<Object> items, Map<String, Object> map) {
        if (items.size() % 2 != 0) {
            throw damaged("a key has no value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            Object key = items.get(i);
            if (!(key instanceof String || key instanceof Long || key instanceof Boolean || key instanceof Double)) {
                throw refused("a key that is neither text nor a number");
            }
            map.put(key.toString(), items.get(i + 1));
        }
        return map;
    }

    @SuppressWarnings("unchecked") // Every map and every list here is of these.
    private static Map<String, Object> fields(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    /** Leaves the place of a number and returns where it was. */
    private int skip(int bytes) {
        int at = in.position();
        in.position(at + bytes);
        return at;
    }

    private Object integer(int bytes) {
        if (bytes > MAX_INTEGER_BYTES) {
            throw refused("an integer of " + bytes + " bytes");
        }
        byte[] little = bytes(bytes);
        byte[] big = new byte[bytes + 1];
        for (int i = 0; i < bytes; i++) {
            big[bytes - i] = little[i];
        }
        big[0] = (byte) (bytes > 0 && big[1] < 0 ? -1 : 0);
        java.math.BigInteger value = new java.math.BigInteger(big);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value.toString();
    }

    private byte[] bytes(long length) {
        if (length < 0 || length > in.remaining()) {
            throw damaged(
                    "it announces " + Long.toUnsignedString(length) + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private String text(long length) {
        try {
            CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(length)));
            return chars.toString();
        } catch (CharacterCodingException e) {
            throw damaged("a text is not UTF-8");
        }
    }

    private String line() {
        int from = in.position();
        while (in.get() != '\n') {}
        byte[] bytes = new byte[in.position() - 1 - from];
        in.get(from, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Name allowed(Name name) {
        boolean known = CALLS.containsKey(name.toString())
                || name.module().equals("torch") && name.name().matches("[A-Z][A-Za-z0-9]*Storage")
                || name.module().matches("torch(\\.storage)?")
                        && name.name().matches("UntypedStorage|TypedStorage|float32|float16|bfloat16|float64|int64")
                || name.toString().equals("argparse.Namespace")
                || opaque.contains(name.toString());
        if (!known) {
            throw new CheckpointException(where + ": refused: the pickle wants " + name
                    + ", and only tensors and plain containers are read from a checkpoint. If it is a mere bag of"
                    + " settings, --opaque " + name + " reads it as one, without running any of it");
        }
        return name;
    }

    /** The calls that checkpoints make, by name; each gets the arguments. */
    private static final Map<String, Function<List<?>, Object>> CALLS = Map.of(
            "torch._utils._rebuild_tensor_v2", Unpickler::tensor,
            "torch._utils._rebuild_tensor", Unpickler::tensor,
            "torch._utils._rebuild_parameter", arguments -> arguments.get(0),
            "torch._utils._rebuild_parameter_with_state", arguments -> arguments.get(0),
            "collections.OrderedDict", Unpickler::dictionary,
            "torch.Size", Unpickler::container,
            "torch.device", arguments -> arguments.get(0) instanceof String device ? device : "device",
            "builtins.set", Unpickler::container,
            "__builtin__.set", Unpickler::container);

    private static Object dictionary(List<?> arguments) {
        if (!arguments.isEmpty()) {
            throw new IllegalArgumentException("an ordered dictionary is not made empty");
        }
        return new LinkedHashMap<String, Object>();
    }

    private static Object container(List<?> arguments) {
        return arguments.isEmpty() ? new ArrayList<>() : (List<?>) arguments.get(0);
    }

    private Object call(Name name, List<?> arguments) {
        Function<List<?>, Object> function = CALLS.get(name.toString());
        if (function != null) {
            return function.apply(arguments);
        }
        if (name.toString().equals("argparse.Namespace") || opaque.contains(name.toString())) {
            Map<String, Object> fields = new LinkedHashMap<>();
            if (!arguments.isEmpty()) {
                fields.put("arguments", arguments);
            }
            return fields;
        }
        throw refused("a call of " + name);
    }

    private static TensorView tensor(List<?> arguments) {
        return new TensorView(
                (Storage) arguments.get(0), (Long) arguments.get(1), longs((List<?>) arguments.get(2)), longs((List<?>)
                        arguments.get(3)));
    }

    private static long[] longs(List<?> numbers) {
        if (numbers.size() > MAX_AXES) {
            throw new IllegalArgumentException("a tensor has " + numbers.size() + " axes");
        }
        return numbers.stream().mapToLong(number -> (Long) number).toArray();
    }

    /** Sets the fields of a bag of settings; what PyTorch attaches to an ordered dictionary is dropped. */
    private void build(Object object, Object state) {
        if (object instanceof Map<?, ?> && state instanceof Map<?, ?> map) {
            if (!map.containsKey("_metadata")) {
                copies -= map.size();
                if (copies < 0) {
                    throw refused("the same settings over and over");
                }
                fields(map).forEach(fields(object)::put);
            }
        } else if (!(object instanceof TensorView)) {
            throw refused("a state for "
                    + (object == null ? "nothing" : object.getClass().getSimpleName()));
        }
    }

    private CheckpointException refused(String what) {
        return new CheckpointException(where + ": refused: the pickle has " + what
                + ", which no checkpoint of tensors needs. Save the model's state_dict alone, or use safetensors");
    }

    private CheckpointException damaged(String how) {
        return new CheckpointException(
                where + ": not a usable pickle at byte " + in.position() + ": " + how + ". Copy or download it anew");
    }
}
