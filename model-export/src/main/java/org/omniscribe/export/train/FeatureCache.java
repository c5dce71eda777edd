package org.omniscribe.export.train;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.omniscribe.asr.feature.FeatureSpec;
import org.omniscribe.asr.feature.LogMelFrontEnd;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.Sha256;
import org.omniscribe.asr.io.TemporaryName;
import org.omniscribe.datasets.SegmentReader;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.UtteranceList;

/**
 * Log-mel features of whole corpora on disk, computed once.
 *
 * <p>One file a corpus and copy, named by a hash of everything it depends on; values before normalisation as 16-bit
 * numbers in steps of 1/1000 (natural logarithms of power, so 0.004 dB). A file appears only when it is whole.
 */
final class FeatureCache implements AutoCloseable {
    private static final float SCALE = 1000;
    private static final String VERSION = "1";
    private static final int GROUP = 256;
    private static final int RUN = 16;

    /**
     * One rendered corpus.
     *
     * @param file the open file, of any size
     * @param offsets number of frames before each utterance
     * @param frames of each utterance
     */
    record Shard(FileChannel file, long[] offsets, int[] frames, int bins) {
        /** Log-mel frames of an utterance, before normalisation; {@code [frame][bin]}. */
        float[][] read(int index) {
            ByteBuffer bytes;
            try {
                bytes = FeatureCache.read(file, offsets[index] * bins * 2, frames[index] * bins * 2);
            } catch (IOException e) {
                throw new TrainException("cannot read the feature cache: " + e.getMessage(), e);
            }
            float[][] out = new float[frames[index]][bins];
            for (float[] frame : out) {
                for (int i = 0; i < bins; i++) {
                    frame[i] = bytes.getShort() / SCALE;
                }
            }
            return out;
        }
    }

    private final Path folder;
    private final FeatureSpec spec;
    private final AudioAugmenter augmenter;
    private final String augmentation;
    private final Consumer<String> log;
    private final List<FileChannel> open = new ArrayList<>();

    FeatureCache(Path folder, FeatureSpec spec, List<Path> noise, List<Path> rooms, Consumer<String> log) {
        this.log = log;
        this.folder = folder;
        this.spec = spec;
        this.augmenter = new AudioAugmenter(noise, rooms);
        this.augmentation = noise + " " + rooms;
    }

    /** The features of a manifest's utterances under a perturbation, from disk or computed now. */
    Shard shard(Path manifest, List<Utterance> utterances, Perturbation perturbation) {
        String texts = utterances.stream()
                .map(u -> "\n" + u.audio() + "\t" + u.start() + "\t" + u.end()
                        + (u.channel() == Utterance.ALL_CHANNELS ? "" : "\t" + u.channel()))
                .collect(Collectors.joining());
        String key = hash(VERSION
                        + spec.toJson()
                        + perturbation
                        + (perturbation.equals(Perturbation.NONE) ? "" : augmentation)
                        + texts)
                .substring(0, 24);
        Path file = folder.resolve(key + ".mel");
        try {
            if (!Files.exists(file)) {
                long start = System.nanoTime();
                Files.createDirectories(folder);
                deleteLeftovers(file);
                build(file, utterances, perturbation, key);
                log.accept("features of " + manifest + ", " + perturbation + ": "
                        + (System.nanoTime() - start) / 1_000_000_000 + " s");
            }
            return open(file);
        } catch (IOException e) {
            throw new TrainException("cannot keep features in " + file + ": " + e.getMessage(), e);
        }
    }

    /** Deletes what programs that were killed had begun. */
    private void deleteLeftovers(Path file) throws IOException {
        String prefix = "." + file.getFileName() + ".";
        try (Stream<Path> files = Files.list(folder)) {
            for (Path other : files.toList()) {
                String name = other.getFileName().toString();
                if (name.startsWith(prefix) && TemporaryName.matches(other)) {
                    String process = name.substring(prefix.length(), name.length() - TemporaryName.SUFFIX.length());
                    if (process.matches("\\d{1,18}")
                            && ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
                        Files.delete(other);
                    }
                }
            }
        }
    }

    private void build(Path file, List<Utterance> utterances, Perturbation perturbation, String key)
            throws IOException {
        Path part = TemporaryName.hidden(file, "" + ProcessHandle.current().pid());
        int[] frames = new int[utterances.size()];
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 20))) {
            for (int from = 0; from < frames.length; from += GROUP) {
                int first = from;
                int to = Math.min(frames.length, from + GROUP);
                // Neighbours go to one thread, which reads the recording that they are segments of once.
                List<byte[]> group = IntStream.range(0, (to - from + RUN - 1) / RUN)
                        .parallel()
                        .boxed()
                        .flatMap(run -> render(
                                utterances,
                                first + run * RUN,
                                Math.min(to, first + (run + 1) * RUN),
                                perturbation,
                                key.hashCode() * 31L)
                                .stream())
                        .toList();
                for (int i = 0; i < group.size(); i++) {
                    frames[first + i] = group.get(i).length / (2 * spec.bins());
                    out.write(group.get(i));
                }
            }
            for (int f : frames) {
                out.writeInt(f);
            }
            out.writeInt(frames.length);
            out.writeInt(spec.bins());
        }
        AtomicFile.move(part, file);
    }

    private List<byte[]> render(List<Utterance> utterances, int from, int to, Perturbation perturbation, long seed) {
        List<byte[]> rendered = new ArrayList<>();
        try (SegmentReader reader = new SegmentReader()) {
            for (int i = from; i < to; i++) {
                float[] samples = reader.read(utterances.get(i)).samples();
                rendered.add(render(samples, perturbation, seed + i));
            }
        }
        return rendered;
    }

    private byte[] render(float[] samples, Perturbation perturbation, long seed) {
        float[] perturbed = augmenter.apply(samples, perturbation, new Random(seed));
        float[][] mel = new LogMelFrontEnd(spec).logMel(perturbed);
        ByteBuffer bytes = ByteBuffer.allocate(mel.length * spec.bins() * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] frame : mel) {
            for (float v : frame) {
                bytes.putShort((short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(v * SCALE))));
            }
        }
        return bytes.array();
    }

    private Shard open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        open.add(channel);
        ByteBuffer tail = read(channel, Math.max(0, channel.size() - 8), 8).order(ByteOrder.BIG_ENDIAN);
        int count = tail.getInt();
        int bins = tail.getInt();
        long index = channel.size() - 8 - 4L * count;
        if (count < 0 || bins < 1 || index < 0) {
            throw damaged();
        }
        ByteBuffer numbers = read(channel, index, 4 * count).order(ByteOrder.BIG_ENDIAN);
        int[] frames = new int[count];
        long[] offsets = new long[count];
        long at = 0;
        for (int i = 0; i < count; i++) {
            frames[i] = numbers.getInt();
            offsets[i] = at;
            at += frames[i];
        }
        if (at * bins * 2 != index) {
            throw damaged();
        }
        return new Shard(channel, offsets, frames, bins);
    }

    private static IOException damaged() {
        return new IOException("the file is damaged; delete it, it will be made again");
    }

    private static ByteBuffer read(FileChannel channel, long position, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw damaged();
            }
        }
        return bytes.flip();
    }

    /** Closes the files of all shards. */
    @Override
    public void close() {
        for (FileChannel channel : open) {
            try {
                channel.close();
            } catch (IOException e) {
                // Only read from: nothing is lost.
            }
        }
    }

    private static String hash(String text) {
        return Sha256.of(text);
    }

    /** Utterances of a manifest, or of anything else that {@link UtteranceList} reads, in a list that can be changed. */
    static List<Utterance> utterances(Path manifest) {
        try {
            return new ArrayList<>(UtteranceList.read(manifest).utterances());
        } catch (UncheckedIOException e) {
            throw new TrainException("cannot read " + manifest + ": " + e.getMessage(), e);
        }
    }
}
