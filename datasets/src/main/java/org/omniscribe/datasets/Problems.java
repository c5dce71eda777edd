package org.omniscribe.datasets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.omniscribe.asr.audio.AudioClip;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.io.FailureText;

/**
 * Everything that is found wrong while a folder is read, so that it can be told at once: faults, which stop, and warnings,
 * which say what is left out. Files that are missing or are no sound are warnings, unless nothing is left.
 */
public final class Problems {
    /** Names spelled out in a warning. */
    private static final int SHOWN = 5;

    private final Path where;
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private final List<String> unreadable = new ArrayList<>();
    private final Map<String, String> seen = new HashMap<>();

    /**
     * An empty list.
     *
     * @param where the folder or file that is read
     */
    public Problems(Path where) {
        this.where = where;
    }

    /** Adds what must be mended before the data can be used. */
    public void fault(String fault) {
        faults.add(fault);
    }

    /** Adds what the user should know of the data. */
    public void warn(String warning) {
        warnings.add(warning);
    }

    /**
     * Compares a count with the published one.
     *
     * @param what what is counted, in the plural
     * @param expected how many there should be
     * @param tolerance how far off is no warning, as a share of {@code expected}
     * @param found how many there are
     */
    public void expect(String what, int expected, double tolerance, int found) {
        if (Math.abs(found - expected) > tolerance * expected) {
            String difference = found < expected
                    ? String.format(Locale.ROOT, "%,d are missing", expected - found)
                    : String.format(Locale.ROOT, "%,d too many", found - expected);
            warn(String.format(Locale.ROOT, "%,d %s instead of %,d: %s", found, what, expected, difference));
        }
    }

    /** Adds a warning that names the first few; nothing if there are none. */
    public void warnOf(String what, List<String> names) {
        if (!names.isEmpty()) {
            warn(what + ": " + some(names));
        }
    }

    /**
     * The lines of a text, UTF-8 with or without a byte order mark; what is not UTF-8 is read as Latin-1.
     *
     * @return no lines, and a fault, if the file cannot be read
     */
    public List<String> lines(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text;
            try {
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                warn(name(file) + " is not UTF-8; read as Latin-1");
                text = new String(bytes, StandardCharsets.ISO_8859_1);
            }
            return (text.startsWith("\uFEFF") ? text.substring(1) : text)
                    .lines()
                    .toList();
        } catch (IOException e) {
            fault(name(file)
                    + (Files.exists(file) ? " cannot be read (" + FailureText.reason(e) + ")" : " does not exist"));
            return List.of();
        }
    }

    /**
     * A file that data name.
     *
     * @param folder where it must be, at any depth
     * @param name what the data call it
     * @param place where it is named, for the message
     * @return null, and a fault, if the name leads out of the folder or is no file name
     */
    public Path inside(Path folder, String name, String place) {
        try {
            Path base = folder.toAbsolutePath().normalize();
            Path path = base.resolve(name).normalize();
            if (path.startsWith(base) && !path.equals(base)) {
                return path;
            }
            fault(place + ": \"" + name + "\" leads out of the folder");
        } catch (InvalidPathException e) {
            fault(place + ": \"" + name + "\" is no file name");
        }
        return null;
    }

    /** Whether an id is new; a fault if not. */
    public boolean isNew(String id, String place) {
        String first = seen.putIfAbsent(id, place);
        if (first != null) {
            fault(place + ": " + id + " is already at " + first);
        }
        return first == null;
    }

    /** Whether an audio file is there; told with the warnings if not. */
    public boolean isThere(Path audio) {
        boolean there = Files.isRegularFile(audio);
        if (!there) {
            missing.add(name(audio));
        }
        return there;
    }

    /**
     * A number in data.
     *
     * @return NaN, and a fault, if it is none
     */
    public double number(String text, String what, String place) {
        try {
            double number = Double.parseDouble(text.strip());
            if (!Double.isNaN(number) && !Double.isInfinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with what is no number either.
        }
        fault(place + ": " + what + " must be a number, not \"" + text + "\"");
        return Double.NaN;
    }

    /**
     * The length of an audio file: by its header, or else by reading it.
     *
     * @return seconds, above 0; NaN if the file is missing or no sound, which is told with the warnings
     */
    public double seconds(Path audio) {
        if (!isThere(audio)) {
            return Double.NaN;
        }
        try (AudioReader reader = AudioReader.open(audio)) {
            double seconds = reader.seconds();
            if (seconds > 0) {
                return seconds;
            }
            long samples = 0;
            float[] block = new float[AudioClip.SAMPLE_RATE];
            for (int n; (n = reader.read(block, 0, block.length)) > 0; ) {
                samples += n;
            }
            return samples / (double) AudioClip.SAMPLE_RATE;
        } catch (AudioException e) {
            unreadable.add(e.getMessage());
            return Double.NaN;
        }
    }

    /** How messages call a file: its path in the folder that is read. */
    public String name(Path file) {
        Path base = where.toAbsolutePath().normalize();
        Path path = file.toAbsolutePath().normalize();
        return path.startsWith(base) && !path.equals(base)
                ? base.relativize(path).toString()
                : file.toString();
    }

    /**
     * Ends the reading.
     *
     * @param left what was read
     * @param remedy what to do if there are faults
     * @return the warnings
     * @throws DatasetException with all faults, if there are any or nothing is left
     */
    public List<String> finish(List<Utterance> left, String remedy) {
        List<String> told = new ArrayList<>(warnings);
        if (!missing.isEmpty()) {
            told.add(counted(missing.size(), "audio file is missing", "audio files are missing") + ": "
                    + some(new ArrayList<>(missing)));
        }
        if (!unreadable.isEmpty()) {
            told.add(counted(unreadable.size(), "audio file cannot be read", "audio files cannot be read")
                    + (unreadable.size() == 1 ? ": " : ", the first: ")
                    + unreadable.get(0));
        }
        if (faults.isEmpty() && left.isEmpty()) {
            faults.add("no utterances");
            faults.addAll(told);
        }
        if (!faults.isEmpty()) {
            throw new DatasetException(where.toString(), faults, remedy);
        }
        return told;
    }

    private static String counted(int n, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : more);
    }

    private static String some(List<String> names) {
        String some = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? some : some + String.format(Locale.ROOT, " and %,d more", names.size() - SHOWN);
    }
}
