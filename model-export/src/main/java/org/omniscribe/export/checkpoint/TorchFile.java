package org.omniscribe.export.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Unpickler.Name;
import org.omniscribe.export.checkpoint.Unpickler.TensorView;

/**
 * Files of {@code torch.save}: a zip with the pickle {@code data.pkl} and an uncompressed file for each storage, or, before
 * PyTorch 1.6, five pickles and the storages one behind the other (both as in {@code torch/serialization.py}).
 *
 * <p>Only the pickle is read at once; values are read from their place in the file when a tensor is asked for.
 */
final class TorchFile {
    /** Longest pickle that is read; those of the largest checkpoints have about a megabyte. */
    private static final int MAX_PICKLE_BYTES = 4 << 20;

    private static final String LEGACY_MAGIC = "119547037146038801333356";
    private static final Map<String, ValueType> TYPES = Map.of(
            "torch.FloatStorage", ValueType.F32,
            "torch.HalfStorage", ValueType.F16,
            "torch.BFloat16Storage", ValueType.BF16,
            "torch.DoubleStorage", ValueType.F64,
            "torch.LongStorage", ValueType.I64,
            "torch.IntStorage", ValueType.I32,
            "torch.ShortStorage", ValueType.I16,
            "torch.CharStorage", ValueType.I8,
            "torch.ByteStorage", ValueType.U8,
            "torch.BoolStorage", ValueType.BOOL);

    private final Path file;
    private final Map<String, Range> storages;
    private final Object content;

    private TorchFile(Path file, Map<String, Range> storages, Object content) {
        this.file = file;
        this.storages = storages;
        this.content = content;
    }

    /** Where the bytes of a storage lie in the file. */
    private record Range(long begin, long bytes) {}

    /** What was saved: containers and values as {@link Unpickler#read} gives them. */
    Object content() {
        return content;
    }

    /**
     * Opens a file that begins as a zip.
     *
     * @throws CheckpointException if it is none of PyTorch's or has something in it that is not allowed
     */
    static TorchFile openZip(Path file, Set<String> opaque) {
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            ZipArchiveEntry pickle = null;
            for (ZipArchiveEntry entry : java.util.Collections.list(zip.getEntriesInPhysicalOrder())) {
                if (entry.getName().matches("([^/]*/)?data\\.pkl")) {
                    pickle = entry;
                }
            }
            if (pickle == null) {
                throw new CheckpointException(
                        file + ": this zip holds no data.pkl, so it is no checkpoint of PyTorch's."
                                + " Check that it is the file with the weights");
            }
            String root = pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
            ZipArchiveEntry order = zip.getEntry(root + "byteorder");
            if (order != null && order.getSize() == 3) {
                throw new CheckpointException(
                        file + ": was saved on a big-endian machine; load and save it on another");
            }
            Map<String, Range> storages = new HashMap<>();
            for (ZipArchiveEntry entry : java.util.Collections.list(zip.getEntries())) {
                if (entry.getName().startsWith(root + "data/")) {
                    if (entry.getMethod() != ZipEntry.STORED) {
                        throw new CheckpointException(file + ": " + entry.getName()
                                + " is compressed, which PyTorch never does. Download or save it anew");
                    }
                    storages.put(
                            entry.getName().substring(root.length() + "data/".length()),
                            new Range(entry.getDataOffset(), entry.getSize()));
                }
            }
            byte[] bytes = zip.getInputStream(pickle).readNBytes(MAX_PICKLE_BYTES + 1);
            if (bytes.length > MAX_PICKLE_BYTES) {
                throw new CheckpointException(file + ": its data.pkl is longer than " + MAX_PICKLE_BYTES
                        + " bytes. Save the model's state_dict alone, without optimiser and data");
            }
            return new TorchFile(file, storages, Unpickler.read(ByteBuffer.wrap(bytes), file.toString(), opaque));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Opens a file that begins as a pickle.
     *
     * @throws CheckpointException as {@link #openZip}
     */
    static TorchFile openLegacy(Path file, Set<String> opaque) {
        String where = file.toString();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate((int) Math.min(channel.size(), MAX_PICKLE_BYTES));
            while (head.hasRemaining() && channel.read(head) >= 0) {}
            head.flip();
            if (!LEGACY_MAGIC.equals(Unpickler.read(head, where, Set.of()))) {
                throw new CheckpointException(
                        file + ": a pickle, but none of torch.save. Save the model's state_dict with torch.save");
            }
            Unpickler.read(head, where, Set.of());
            Object system = Unpickler.read(head, where, Set.of());
            if (system instanceof Map<?, ?> map && Boolean.FALSE.equals(map.get("little_endian"))) {
                throw new CheckpointException(
                        file + ": was saved on a big-endian machine; load and save it on another");
            }
            Object content = Unpickler.read(head, where, opaque);
            Object keys = Unpickler.read(head, where, Set.of());
            Map<String, Integer> sizes = new HashMap<>();
            collectSizes(content, sizes, Checkpoint.seen(), 0);
            Map<String, Range> storages = new HashMap<>();
            long at = head.position();
            ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            for (Object key : (List<?>) keys) {
                count.clear();
                while (count.hasRemaining()) {
                    if (channel.read(count, at + count.position()) < 0) {
                        throw new EOFException("it is cut off");
                    }
                }
                Integer size = sizes.get(String.valueOf(key));
                if (size == null || count.getLong(0) < 0 || count.getLong(0) > channel.size()) {
                    throw new IOException("storage " + key + " cannot be placed");
                }
                storages.put(String.valueOf(key), new Range(at + 8, count.getLong(0) * size));
                at += 8 + count.getLong(0) * size;
            }
            if (at > channel.size()) {
                throw new EOFException("it is cut off");
            }
            return new TorchFile(file, storages, content);
        } catch (IOException | ClassCastException e) {
            throw unreadable(file, e);
        }
    }

    /** Bytes of an element of every storage that tensors lie in. */
    private static void collectSizes(Object value, Map<String, Integer> sizes, Set<Object> seen, int level) {
        if (value instanceof TensorView tensor && tensor.storage().id().size() > 2) {
            ValueType type = TYPES.get(String.valueOf(tensor.storage().id().get(1)));
            if (type != null) {
                sizes.put(String.valueOf(tensor.storage().id().get(2)), type.bytes());
            }
        } else if (level < Checkpoint.MAX_LEVELS
                && (value instanceof Map || value instanceof List)
                && seen.add(value)) {
            if (value instanceof Map<?, ?> map) {
                map.values().forEach(inner -> collectSizes(inner, sizes, seen, level + 1));
            } else if (value instanceof List<?> list) {
                list.forEach(inner -> collectSizes(inner, sizes, seen, level + 1));
            }
        }
    }

    /**
     * Checks that a tensor lies in its storage.
     *
     * @return what is wrong, or null
     */
    String fault(TensorView view) {
        List<?> id = view.storage().id();
        if (id.size() < 5 || !"storage".equals(id.get(0)) || !(id.get(1) instanceof Name)) {
            return "has no storage that can be understood";
        }
        ValueType type = TYPES.get(id.get(1).toString());
        Range range = storages.get(String.valueOf(id.get(2)));
        if (type == null) {
            return "is of type " + id.get(1) + ", which is not read";
        }
        if (range == null) {
            return "lies in storage " + id.get(2) + ", which the file lacks";
        }
        long[] shape = view.shape();
        long held = range.bytes() / type.bytes();
        long last = view.offset();
        long elements = 1;
        if (view.stride().length != shape.length || view.offset() < 0) {
            return "has strides that do not fit its shape";
        }
        for (int axis = 0; axis < shape.length; axis++) {
            long size = shape[axis];
            long stride = view.stride()[axis];
            if (size < 0 || stride < 0 || size > held || stride > held) {
                return size == 0 ? null : "does not fit its storage";
            }
            elements *= size;
            last += (size - 1) * stride;
            if (elements > held || last >= held && elements > 0) {
                return "does not fit its storage of " + held + " elements";
            }
        }
        if (elements > 0 && last >= held) {
            return "does not fit its storage of " + held + " elements";
        }
        return elements > Integer.MAX_VALUE - 8 || last - view.offset() > Integer.MAX_VALUE - 16
                ? "has more than 2^31 elements"
                : null;
    }

    /** Reads a tensor that has no {@link #fault}. */
    Tensor read(TensorView view) {
        List<?> id = view.storage().id();
        ValueType type = TYPES.get(id.get(1).toString());
        long[] shape = view.shape();
        int elements = 1;
        int span = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            elements *= (int) shape[axis];
            span += (int) ((shape[axis] - 1) * view.stride()[axis]);
        }
        if (elements == 0) {
            return new Tensor(shape, new float[0]);
        }
        long position = storages.get(String.valueOf(id.get(2))).begin() + view.offset() * type.bytes();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            float[] stored = type.read(channel, position, span);
            return new Tensor(shape, span == elements && dense(view) ? stored : gather(view, stored, elements));
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (ArithmeticException e) {
            throw new CheckpointException(file + ": a tensor holds " + e.getMessage(), e);
        }
    }

    private static boolean dense(TensorView view) {
        long wanted = 1;
        for (int axis = view.shape().length - 1; axis >= 0; axis--) {
            if (view.shape()[axis] > 1 && view.stride()[axis] != wanted) {
                return false;
            }
            wanted *= view.shape()[axis];
        }
        return true;
    }

    /** Puts a view of other strides, such as a transposed one, into order. */
    private static float[] gather(TensorView view, float[] stored, int elements) {
        float[] data = new float[elements];
        int axes = view.shape().length;
        long[] index = new long[axes];
        int from = 0;
        for (int to = 0; to < elements; to++) {
            data[to] = stored[from];
            for (int axis = axes - 1; axis >= 0; axis--) {
                from += (int) view.stride()[axis];
                if (++index[axis] < view.shape()[axis]) {
                    break;
                }
                from -= (int) (index[axis] * view.stride()[axis]);
                index[axis] = 0;
            }
        }
        return data;
    }

    private static CheckpointException unreadable(Path file, Exception e) {
        return new CheckpointException(file + ": cannot be read (" + e.getMessage() + "). Copy or download it anew", e);
    }
}
