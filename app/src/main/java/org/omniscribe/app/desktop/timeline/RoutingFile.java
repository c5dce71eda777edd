package org.omniscribe.app.desktop.timeline;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.omniscribe.asr.routing.RoutingTrace;

/**
 * The experts of a session on disk, written as they come: whatever the moment at which it is cut off, all steps before
 * are there.
 *
 * <p>A line of text, {@code omniscribe-routing 1 0.04 4 4 4}: the format's name and number, the seconds of a step, and the
 * experts of each layer. Then for each step and layer two bytes: the expert, from 0, and its probability in 255ths; 255 and
 * 0 where no expert was asked.
 */
public final class RoutingFile implements AutoCloseable {
    private static final String FORMAT = "omniscribe-routing 1 ";
    private static final int MAX_LINE_CHARS = 4096;

    private final Path file;
    private final OutputStream out;
    private final int layers;
    private long steps;

    private RoutingFile(Path file, OutputStream out, int layers) {
        this.file = file;
        this.out = out;
        this.layers = layers;
    }

    /**
     * Begins a file.
     *
     * @param expertsPerLayer as a {@link Timeline} takes them
     * @throws IOException if the file is there already, or cannot be written
     */
    public static RoutingFile create(Path file, List<Integer> expertsPerLayer, double stepSeconds) throws IOException {
        OutputStream out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        String counts = expertsPerLayer.stream().map(String::valueOf).collect(Collectors.joining(" "));
        out.write((FORMAT + stepSeconds + " " + counts + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return new RoutingFile(file, out, expertsPerLayer.size());
    }

    /** Where it is written. */
    public Path file() {
        return file;
    }

    /**
     * Adds steps behind those that were added; it is on its way to the disk when this returns.
     *
     * @param firstStep the first of the steps; those that were added already are left out
     */
    public void add(long firstStep, RoutingTrace trace) throws IOException {
        byte[] column = new byte[2 * layers];
        for (; steps < firstStep; steps++) {
            for (int layer = 0; layer < layers; layer++) {
                column[2 * layer] = (byte) Timeline.NOBODY;
            }
            out.write(column);
        }
        for (int step = (int) Math.max(0, steps - firstStep); step < trace.steps(); step++, steps++) {
            for (int layer = 0; layer < layers; layer++) {
                column[2 * layer] = (byte) trace.expert()[layer][step];
                column[2 * layer + 1] = (byte) Math.round(255 * trace.probability()[layer][step]);
            }
            out.write(column);
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /**
     * Reads a file into a new timeline. Part of a step at the end, where the writing was cut off, is left out.
     *
     * @throws IOException if it cannot be read or is no such file; the message says why
     */
    public static Timeline read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Timeline timeline = begin(line(in));
            readSteps(in, timeline);
            return timeline;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no record of experts: " + e.getMessage(), e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c; (c = in.read()) >= 0 && c != '\n' && line.length() < MAX_LINE_CHARS; ) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static Timeline begin(String line) {
        if (!line.startsWith(FORMAT)) {
            throw new IllegalArgumentException("it does not begin with \"" + FORMAT.strip() + "\"");
        }
        String[] parts = line.substring(FORMAT.length()).split(" ");
        double stepSeconds = Double.parseDouble(parts[0]);
        List<Integer> counts =
                Arrays.stream(parts).skip(1).map(Integer::valueOf).toList();
        if (!(stepSeconds >= 0.001 && stepSeconds <= 10)
                || counts.stream().anyMatch(n -> n < 1 || n >= Timeline.NOBODY)) {
            throw new IllegalArgumentException("\"" + line + "\" are no steps and experts");
        }
        return new Timeline(counts, stepSeconds);
    }

    private static void readSteps(InputStream in, Timeline timeline) throws IOException {
        int layers = timeline.layers();
        byte[] column = new byte[2 * layers];
        for (long step = 0; layers > 0 && in.readNBytes(column, 0, column.length) == column.length; step++) {
            if ((column[0] & 0xff) == Timeline.NOBODY) {
                continue;
            }
            int[][] expert = new int[layers][1];
            float[][] probability = new float[layers][1];
            for (int layer = 0; layer < layers; layer++) {
                expert[layer][0] = column[2 * layer] & 0xff;
                probability[layer][0] = (column[2 * layer + 1] & 0xff) / 255f;
                if (expert[layer][0] >= timeline.expertCounts().get(layer)) {
                    throw new IllegalArgumentException("step " + step + " has expert " + expert[layer][0] + " in layer "
                            + layer + ", which has " + timeline.expertCounts().get(layer));
                }
            }
            timeline.addRouting(step, new RoutingTrace(expert, probability));
        }
    }
}
