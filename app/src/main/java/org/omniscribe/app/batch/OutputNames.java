package org.omniscribe.app.batch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import org.omniscribe.app.batch.AudioFiles.Input;

/** Names outputs after inputs, so that no two are the same. */
final class OutputNames {
    /** The longest name that common file systems take, in bytes. */
    static final int MAX_BYTES = 255;

    /** What is kept for a dot and the extension of a format. */
    private static final int EXTENSION = 8;

    private OutputNames() {}

    /** A name that fits with an extension behind it: a longer one is cut, and has a digest of the whole at its end. */
    private static String fitting(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_BYTES - EXTENSION) {
            return name;
        }
        String digest = "~" + Integer.toHexString(name.hashCode());
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length
                > MAX_BYTES - EXTENSION - digest.length()) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end) + digest;
    }

    /**
     * The path of each output without its format's extension.
     *
     * <p>An output is named after its input without extension. Inputs whose outputs would be the same, such as
     * {@code talk.wav} and {@code talk.mp3}, keep their full names; and where even those are the same, as they come from
     * several folders, they keep their folders.
     *
     * @param inputs the recordings
     * @param folder where the outputs go, the folders that were found below a named one again below it; null: each
     *     beside its input
     * @return one path an input, in their order
     */
    static List<Path> of(List<Input> inputs, Path folder) {
        return of(inputs, folder, (name, recording) -> false);
    }

    /**
     * As {@link #of(List, Path)}, where some names are taken.
     *
     * @param taken whether a name, without extension, belongs to another recording than the one given
     */
    static List<Path> of(List<Input> inputs, Path folder, BiPredicate<Path, Path> taken) {
        Path ancestor = commonFolder(inputs);
        int[] level = new int[inputs.size()];
        while (true) {
            List<Path> names = new ArrayList<>();
            Map<String, List<Integer>> users = new HashMap<>();
            for (int i = 0; i < level.length; i++) {
                Path name = name(inputs.get(i), folder, ancestor, level[i]);
                names.add(name);
                // Some file systems do not tell upper case from lower.
                users.computeIfAbsent(name.toString().toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                        .add(i);
            }
            boolean changed = false;
            for (List<Integer> same : users.values()) {
                for (int i : same) {
                    boolean collides = same.size() > 1
                            || taken.test(names.get(i), inputs.get(i).path());
                    if (collides && level[i] < 2) {
                        level[i]++;
                        changed = true;
                    }
                }
            }
            if (!changed) {
                numbered(names, users.values());
                return names;
            }
        }
    }

    /** Names that are the same for all that was tried get numbers; such were no text. */
    private static void numbered(List<Path> names, Collection<List<Integer>> users) {
        for (List<Integer> same : users) {
            for (int k = 1; k < same.size(); k++) {
                Path name = names.get(same.get(k));
                names.set(same.get(k), name.resolveSibling(name.getFileName() + "-" + (k + 1)));
            }
        }
    }

    private static Path name(Input input, Path folder, Path ancestor, int level) {
        Path path = input.path().toAbsolutePath().normalize();
        String full = path.getFileName().toString();
        int dot = full.lastIndexOf('.');
        // What is no text in the encoding of file names is shown by a mark that not every system can write.
        String name = fitting((level == 0 && dot > 0 ? full.substring(0, dot) : full).replace('\ufffd', '_'));
        if (folder == null) {
            return path.resolveSibling(name);
        }
        Path from = level < 2 ? input.folder().toAbsolutePath().normalize() : ancestor;
        if (from == null) {
            from = path.getRoot();
        }
        Path relative = from.relativize(path);
        return (folder.getFileSystem().equals(relative.getFileSystem())
                        ? folder.resolve(relative)
                        : folder.resolve(relative.toString()))
                .resolveSibling(name);
    }

    /** The deepest folder that holds all inputs; null if they lie on several drives. */
    private static Path commonFolder(List<Input> inputs) {
        Path common = null;
        for (Input input : inputs) {
            Path parent = input.path().toAbsolutePath().normalize().getParent();
            if (common == null) {
                common = parent;
            }
            while (!parent.startsWith(common)) {
                common = common.getParent();
                if (common == null) {
                    return null;
                }
            }
        }
        return common;
    }
}
