package org.omniscribe.export.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;
import org.omniscribe.export.checkpoint.Unpickler.TensorView;

/**
 * A checkpoint of anybody's: PyTorch's zip or older stream, safetensors, or an index of several of these.
 *
 * @param tensors the tensors of the model, by the names they have there
 * @param settings what else was found and can be put into words, such as a configuration
 * @param leftOut parts of the file that belong to no model, such as an optimiser's state
 */
public record Checkpoint(Tensors tensors, Map<String, String> settings, List<String> leftOut) {
    /** How deep containers may be nested. */
    static final int MAX_LEVELS = 16;

    private static final int MAX_SETTINGS = 1000;
    private static final int MAX_NAME_CHARS = 1000;
    private static final long MAX_INDEX_BYTES = 16 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Names under which models are kept in a checkpoint, the likeliest first. */
    private static final List<String> MODELS =
            List.of("model_state_dict", "state_dict", "model", "module", "weights", "params", "net", "network");

    /**
     * Opens a checkpoint; only what describes its tensors is read.
     *
     * @param path the file, an index ({@code *.index.json}) of several, or a folder with one of these in it
     * @param part the entry that holds the model, such as {@code ema}; empty to look for the usual names
     * @param opaque classes in a pickle, as {@code module.name}, to be read as bags of settings
     * @throws CheckpointException if it cannot be read, is of no known kind, or has something in it that is not allowed
     */
    public static Checkpoint open(Path path, Optional<String> part, Set<String> opaque) {
        try {
            Path file = Files.isDirectory(path) ? find(path) : path;
            byte[] head;
            try (InputStream in = Files.newInputStream(file)) {
                head = in.readNBytes(9);
            }
            if (file.getFileName().toString().endsWith(".json")) {
                return shards(file, opaque);
            }
            if (head.length > 1 && head[0] == 'P' && head[1] == 'K') {
                return torch(file, TorchFile.openZip(file, opaque), part);
            }
            if (head.length > 1 && (head[0] & 0xff) == 0x80) {
                return torch(file, TorchFile.openLegacy(file, opaque), part);
            }
            if (head.length == 9 && head[8] == '{') {
                return new Checkpoint(SafeTensors.open(file), SafeTensors.metadata(file), List.of());
            }
            throw new CheckpointException(
                    file + ": neither a checkpoint of PyTorch's nor a safetensors file. Check that it was downloaded"
                            + " whole; a page of a web site or a pointer of Git LFS is no checkpoint");
        } catch (IOException e) {
            throw new CheckpointException(path + ": cannot be read (" + FailureText.reason(e) + "); check the path", e);
        }
    }

    private static Path find(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
            for (String kind : List.of("\\.index\\.json", "\\.safetensors", "\\.(pth|pt|bin|ckpt)")) {
                List<Path> found = all.stream()
                        .filter(file -> file.getFileName().toString().matches(".*" + kind))
                        .toList();
                if (found.size() == 1) {
                    return found.get(0);
                }
                if (found.size() > 1) {
                    throw new CheckpointException(folder + ": holds several checkpoints, name one of " + found);
                }
            }
        }
        throw new CheckpointException(folder + ": holds no checkpoint (.pth, .pt, .bin, .ckpt, .safetensors)");
    }

    /** The Hugging Face hub's index of a checkpoint in several files: a JSON object whose weight_map has file by tensor. */
    private static Checkpoint shards(Path index, Set<String> opaque) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            throw new CheckpointException(index + ": is too long for an index of checkpoint files");
        }
        Faults faults = new Faults();
        Map<String, String> map = new LinkedHashMap<>();
        JsonReader.of(Files.readAllBytes(index), faults)
                .optional("weight_map")
                .map(JsonReader::members)
                .orElse(Map.of())
                .forEach((tensor, file) -> map.put(tensor, file.text()));
        faults.orThrow(all -> new CheckpointException(
                index + ": no index of checkpoint files: " + all + ". Download the whole checkpoint"));
        Set<String> names = new TreeSet<>(map.values());
        if (names.isEmpty()) {
            throw new CheckpointException(index + ": has no weight_map, so it is no index of checkpoint files");
        }
        Map<String, Tensors> shards = new HashMap<>();
        for (String name : names) {
            if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*") || name.endsWith(".json")) {
                faults.add("\"" + name + "\" is not the plain name of a checkpoint file");
            } else if (!Files.isRegularFile(index.resolveSibling(name))) {
                faults.add(name + " is missing");
            } else {
                shards.put(
                        name,
                        open(index.resolveSibling(name), Optional.empty(), opaque)
                                .tensors());
            }
        }
        Map<String, Tensors> owners = new HashMap<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        map.forEach((tensor, file) -> {
            Tensors shard = shards.get(file);
            long[] shape = shard == null ? null : shard.shapes().get(tensor);
            if (shape != null) {
                owners.put(tensor, shard);
                shapes.put(tensor, shape);
            } else if (shard != null) {
                faults.add(file + " lacks " + tensor);
            }
        });
        faults.orThrow(
                all -> new CheckpointException(index + ": cannot be used: " + all + ". Download the whole checkpoint"));
        return new Checkpoint(new Lazy(shapes, name -> owners.get(name).read(name)), Map.of(), List.of());
    }

    private static Checkpoint torch(Path file, TorchFile torch, Optional<String> part) {
        Object model = torch.content();
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> leftOut = new ArrayList<>();
        if (part.isPresent()) {
            model = model instanceof Map<?, ?> map ? map.get(part.get()) : null;
            if (model == null) {
                throw new CheckpointException(
                        file + ": has no part \"" + part.get() + "\". It has " + describe(torch.content()));
            }
        }
        for (int level = 0; level < MAX_LEVELS && model instanceof Map<?, ?> map; level++) {
            Object inner = null;
            String found = null;
            for (String name : MODELS) {
                if (inner == null && map.get(name) instanceof Map<?, ?> candidate) {
                    inner = candidate;
                    found = name;
                }
            }
            if (inner == null) {
                break;
            }
            for (Map.Entry<?, ?> other : map.entrySet()) {
                if (!other.getKey().equals(found)) {
                    if (holdsTensors(other.getValue(), seen(), 0)) {
                        leftOut.add(other.getKey().toString());
                    } else {
                        words(other.getKey().toString(), other.getValue(), settings, seen(), 0);
                    }
                }
            }
            model = inner;
        }
        Map<String, TensorView> views = new LinkedHashMap<>();
        collect("", model, views, settings, seen(), 0);
        List<String> faults = new ArrayList<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        views.forEach((name, view) -> {
            String fault = torch.fault(view);
            if (fault != null && faults.size() < 20) {
                faults.add(name + " " + fault);
            }
            shapes.put(name, view.shape());
        });
        if (views.isEmpty()) {
            faults.add("it holds no tensors, but " + describe(torch.content()));
        }
        if (!faults.isEmpty()) {
            throw new CheckpointException(file + ": cannot be used: " + String.join("; ", faults)
                    + ". Save the model's state_dict, or download it anew");
        }
        return new Checkpoint(new Lazy(shapes, name -> torch.read(views.get(name))), settings, leftOut);
    }

    private static String describe(Object content) {
        return content instanceof Map<?, ?> map
                ? "the entries " + map.keySet().stream().limit(20).toList()
                : "something else than named tensors";
    }

    /** Containers that were looked at. Each is once, or those that hold each other would take for ever. */
    static Set<Object> seen() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static boolean holdsTensors(Object value, Set<Object> seen, int level) {
        if (value instanceof TensorView) {
            return true;
        }
        if (level >= MAX_LEVELS || !(value instanceof Map || value instanceof List) || !seen.add(value)) {
            return false;
        }
        Collection<?> inside = value instanceof Map<?, ?> map ? map.values() : (List<?>) value;
        return inside.stream().anyMatch(inner -> holdsTensors(inner, seen, level + 1));
    }

    private static void collect(
            String prefix,
            Object value,
            Map<String, TensorView> tensors,
            Map<String, String> settings,
            Set<Object> seen,
            int level) {
        if (prefix.length() > MAX_NAME_CHARS) {
            throw new CheckpointException("a tensor has a name of " + prefix.length()
                    + " characters, which no checkpoint" + " needs: " + prefix.substring(0, 100) + "…");
        }
        if (value instanceof TensorView tensor) {
            tensors.put(prefix, tensor);
        } else if (value instanceof Map<?, ?> map && level < MAX_LEVELS && seen.add(map)) {
            map.forEach((key, inner) -> collect(join(prefix, key), inner, tensors, settings, seen, level + 1));
        } else {
            words(prefix, value, settings, seen, level);
        }
    }

    private static String join(String prefix, Object key) {
        return prefix.isEmpty() ? key.toString() : prefix + "." + key;
    }

    /** Numbers, texts and what is made of them. */
    private static void words(String name, Object value, Map<String, String> settings, Set<Object> seen, int level) {
        if (settings.size() >= MAX_SETTINGS || level >= MAX_LEVELS || name.length() > MAX_NAME_CHARS) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            if (seen.add(map)) {
                map.forEach((key, inner) -> words(join(name, key), inner, settings, seen, level + 1));
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size() && (i > 0 || seen.add(list)); i++) {
                words(name + "." + i, list.get(i), settings, seen, level + 1);
            }
        } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            String text = value.toString();
            settings.put(name, text.length() <= 200 ? text : text.substring(0, 200) + "…");
        }
    }

    private interface Reading {
        Tensor read(String name);
    }

    private record Lazy(Map<String, long[]> shapes, Reading reading) implements Tensors {
        @Override
        public Tensor read(String name) {
            return reading.read(name);
        }
    }
}
