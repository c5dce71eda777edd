package org.omniscribe.asr.decode;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.model.ModelException;

/**
 * How words are pronounced: a dictionary from words to rows of phones.
 *
 * <p>Its text form has a pronunciation a line, the word first and then its phones, with spaces between them; a word that
 * is said in several ways has several lines, the most usual way first. A number in round brackets behind the word, as
 * dictionaries of CMU Sphinx have it, is taken off, as are digits behind a phone, which tell the stress; lines that begin
 * with {@code ;;;} or {@code #} are skipped. Immutable.
 */
public final class Pronunciations {
    private static final int FAULTS_TOLD = 10;

    /** Most bytes that a compressed dictionary may have when it is unpacked; a million words have 30 MB. */
    private static final int MAX_BYTES = 64 << 20;

    private final Map<String, List<List<String>>> words;

    /**
     * A dictionary.
     *
     * @param words for each word its pronunciations, none of them empty, the most usual first
     */
    public Pronunciations(Map<String, List<List<String>>> words) {
        Map<String, List<List<String>>> copy = new LinkedHashMap<>(words.size() * 2);
        words.forEach((word, ways) -> copy.put(word, List.copyOf(ways)));
        this.words = Collections.unmodifiableMap(copy);
    }

    /**
     * Reads the text form, compressed by gzip if the name ends in {@code .gz}.
     *
     * @throws ModelException if the file cannot be read or has faulty lines
     */
    public static Pronunciations read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in, file.toString());
        } catch (IOException e) {
            throw new ModelException(
                    "cannot read the pronunciations " + file + " (" + FailureText.reason(e)
                            + "). Check the path; it is UTF-8 text.",
                    e);
        }
    }

    /**
     * Reads the compressed form that {@link #write} makes.
     *
     * @param in left open
     * @param name what messages call it
     * @throws IOException if the stream fails or is not compressed
     * @throws ModelException if there are faulty lines, or it is larger than any dictionary
     */
    public static Pronunciations readCompressed(InputStream in, String name) throws IOException {
        byte[] text = new GZIPInputStream(in, 1 << 16).readNBytes(MAX_BYTES + 1);
        if (text.length > MAX_BYTES) {
            throw new ModelException("the pronunciations " + name + " have more than " + (MAX_BYTES >> 20)
                    + " MB when they are unpacked, which no dictionary needs");
        }
        return read(new ByteArrayInputStream(text), name);
    }

    private static Pronunciations read(InputStream in, String name) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
        Map<String, List<List<String>>> words = new LinkedHashMap<>();
        Map<String, String> phones = new LinkedHashMap<>();
        Faults faults = new Faults();
        try {
            String line;
            for (int number = 1; (line = reader.readLine()) != null; number++) {
                List<String> parts = split(line);
                if (parts.isEmpty() || line.startsWith(";;;") || line.startsWith("#")) {
                    continue;
                }
                if (parts.size() < 2) {
                    faults.add("line " + number + ": \"" + parts.get(0) + "\" has no phones");
                    continue;
                }
                String word = parts.get(0).replaceFirst("(?<=.)\\(\\d+\\)$", "");
                List<String> way = new ArrayList<>(parts.size() - 1);
                for (String phone : parts.subList(1, parts.size())) {
                    way.add(phones.computeIfAbsent(phone, p -> p.replaceFirst("(?<=.)\\d$", "")));
                }
                words.computeIfAbsent(word, w -> new ArrayList<>(1)).add(List.copyOf(way));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (words.isEmpty() && faults.isEmpty()) {
            faults.add("there is no word in it");
        }
        faults.orThrow(all -> new ModelException("the pronunciations " + name + " cannot be used: "
                + faults.text(FAULTS_TOLD) + ". A line is a word and its phones, with spaces between them."));
        return new Pronunciations(words);
    }

    private static List<String> split(String line) {
        List<String> parts = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= line.length(); i++) {
            boolean space = i == line.length() || line.charAt(i) <= ' ';
            if (space && from >= 0) {
                parts.add(line.substring(from, i));
                from = -1;
            } else if (!space && from < 0) {
                from = i;
            }
        }
        return parts;
    }

    /**
     * Writes the text form, compressed by gzip, the same bytes for the same dictionary.
     *
     * @param out left open
     */
    public void write(OutputStream out) throws IOException {
        GZIPOutputStream compressed = new GZIPOutputStream(out, 1 << 16);
        Writer writer = new BufferedWriter(new OutputStreamWriter(compressed, StandardCharsets.UTF_8));
        for (Map.Entry<String, List<List<String>>> word : words.entrySet()) {
            for (List<String> way : word.getValue()) {
                writer.write(word.getKey() + " " + String.join(" ", way) + "\n");
            }
        }
        writer.flush();
        compressed.finish();
    }

    /** All words with their pronunciations, in the order of the file. */
    public Map<String, List<List<String>>> words() {
        return words;
    }

    /** The part of the dictionary that has certain words, in its own order. */
    public Pronunciations of(Collection<String> some) {
        Map<String, List<List<String>>> part = new LinkedHashMap<>(words);
        part.keySet().retainAll(Set.copyOf(some));
        return new Pronunciations(part);
    }

    /** The pronunciations of a word, the most usual first; none if it is not in the dictionary. */
    public List<List<String>> of(String word) {
        return words.getOrDefault(word, List.of());
    }
}
