package org.omniscribe.datasets.download;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.omniscribe.asr.io.TemporaryName;

/**
 * Fetches the files of a corpus and lays them out, so that it can be interrupted at any moment and goes on from there.
 *
 * <p>Work is done in {@value #WORK} in the folder: downloads, what is being unpacked, and for each file that is done a list
 * of what came of it. Files get to their places only when all of their archive is unpacked. What is done and still there is
 * not done again.
 */
public final class CorpusDownload {
    /** The folder for what is under way. */
    public static final String WORK = ".omniscribe-download";

    /** Room for an archive and for what is in it, as a multiple of its length. */
    private static final int ROOM = 3;

    private final DownloadSettings settings;
    private final DownloadListener listener;

    /** One for any number of corpora. */
    public CorpusDownload(DownloadSettings settings, DownloadListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Fetches a corpus.
     *
     * @param name of the corpus
     * @param steps its files
     * @param folder where corpora are; it is made
     * @throws DownloadException if a file cannot be had or unpacked; what is done stays
     * @throws InterruptedException if the thread was interrupted; what is done stays
     */
    public void get(String name, List<DownloadStep> steps, Path folder) throws InterruptedException {
        Path work = folder.resolve(WORK).resolve(name);
        try {
            Files.createDirectories(work);
            List<DownloadStep> left = new ArrayList<>();
            for (DownloadStep step : steps) {
                if (!isDone(work, step, folder)) {
                    left.add(step);
                }
            }
            room(left, work);
            Downloader downloader = new Downloader(settings, listener);
            for (DownloadStep step : left) {
                Path fetched = work.resolve(step.file().name());
                downloader.download(step.file(), fetched);
                place(work, step, fetched, folder);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DownloadException(
                    folder + " cannot be written: " + e.getMessage()
                            + ". Mend that, and start again: what is done stays.",
                    e);
        }
    }

    private static Path receipt(Path work, DownloadStep step) {
        return work.resolve(step.file().name() + ".done");
    }

    /** Whether everything that came of a file is still there; the receipt has a line a file: its length, a tab, its path. */
    private static boolean isDone(Path work, DownloadStep step, Path folder) throws IOException {
        Path receipt = receipt(work, step);
        if (!Files.isRegularFile(receipt)) {
            return false;
        }
        for (String line : Files.readAllLines(receipt)) {
            String[] parts = line.split("\t", 2);
            Path file = folder.resolve(parts[parts.length - 1]);
            if (!Files.isRegularFile(file) || !Long.toString(Files.size(file)).equals(parts[0])) {
                Files.delete(receipt);
                return false;
            }
        }
        return true;
    }

    private static void room(List<DownloadStep> left, Path work) throws IOException {
        long needed = 0;
        for (DownloadStep step : left) {
            Path fetched = work.resolve(step.file().name());
            long bytes = Math.max(0, step.file().bytes());
            needed += step instanceof DownloadStep.Unpack ? ROOM * bytes : bytes;
            for (Path here : List.of(fetched, TemporaryName.visible(fetched))) {
                needed -= Files.isRegularFile(here) ? Math.min(bytes, Files.size(here)) : 0;
            }
        }
        long room = Files.getFileStore(work).getUsableSpace();
        if (room < needed) {
            throw new DownloadException(String.format(
                    Locale.ROOT,
                    "about %,d MB are needed in %s, and %,d MB are free. Make room or choose another folder.",
                    needed / 1_000_000,
                    work.getParent().getParent(),
                    room / 1_000_000));
        }
    }

    private void place(Path work, DownloadStep step, Path fetched, Path folder)
            throws IOException, InterruptedException {
        Path staging = work.resolve(step.file().name() + ".unpacking");
        clear(staging);
        Map<Path, Path> moves = new TreeMap<>();
        if (step instanceof DownloadStep.Keep keep) {
            moves.put(Path.of(keep.path()), fetched);
        } else if (step instanceof DownloadStep.Unpack archive) {
            String name = step.file().name() + ", unpacking";
            Unpacker.unpack(fetched, staging, archive.rules(), n -> listener.at(name, n, RemoteFile.UNKNOWN))
                    .forEach(file ->
                            moves.put(staging.toAbsolutePath().normalize().relativize(file), file));
        }
        // The receipt comes first: it counts only once all that it lists is there.
        StringBuilder receipt = new StringBuilder();
        for (Map.Entry<Path, Path> move : moves.entrySet()) {
            receipt.append(Files.size(move.getValue()))
                    .append('\t')
                    .append(move.getKey())
                    .append('\n');
        }
        Files.writeString(receipt(work, step), receipt);
        for (Map.Entry<Path, Path> move : moves.entrySet()) {
            Path target = folder.resolve(move.getKey());
            Files.createDirectories(target.getParent());
            Files.move(move.getValue(), target, StandardCopyOption.REPLACE_EXISTING);
        }
        clear(staging);
        Files.deleteIfExists(fetched);
    }

    private static void clear(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
