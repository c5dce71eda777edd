package org.omniscribe.datasets.download;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.io.FileLocks;
import org.omniscribe.asr.io.TemporaryName;

/**
 * Downloads files over HTTP, whole and checked or not at all.
 *
 * <p>What has come is kept beside the target as {@code NAME.part}, and the server's mark of that version as {@code
 * NAME.part.mark}; a download that ended for whatever reason, a kill of the program too, goes on from there when it is
 * started again. Length and checksum are compared with what was published; where nothing was, with what the server tells:
 * the length, and the SHA-256 in the header {@code X-Linked-ETag} of the Hugging Face hub. Thread-safe.
 */
public final class Downloader {
    /** Never fills a disk to the brim. */
    static final long RESERVE = 64L << 20;

    private static final int MAX_HOPS = 5;

    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");
    private static final Pattern SHA256 = Pattern.compile("\"?([0-9a-fA-F]{64})\"?");

    private final DownloadSettings settings;
    private final DownloadListener listener;
    private final HttpClient client;

    /** Follows no reference to another server. */
    private final HttpClient staying;

    /** One for any number of files. */
    public Downloader(DownloadSettings settings, DownloadListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(settings.answer())
                .build();
        this.staying = HttpClient.newBuilder().connectTimeout(settings.answer()).build();
    }

    /** A connection failed; the same may work a moment later. */
    private static final class Retry extends IOException {
        private static final long serialVersionUID = 1L;
        private final Duration wait;

        Retry(String reason, Duration wait) {
            super(reason);
            this.wait = wait;
        }

        Retry(String reason) {
            this(reason, Duration.ZERO);
        }
    }

    /** What is known of the file that is being fetched. */
    private static final class Job {
        private final RemoteFile file;
        private final FileChannel part;
        private final Path mark;
        private final Path folder;
        private long total;
        private Optional<Checksum> checksum;

        Job(RemoteFile file, FileChannel part, Path mark, Path folder) {
            this.file = file;
            this.part = part;
            this.mark = mark;
            this.folder = folder;
            this.total = file.bytes();
            this.checksum = file.checksum();
        }
    }

    /**
     * Downloads a file; one that is there already with the published length and checksum is left alone.
     *
     * @param file what to fetch
     * @param target where to put it; its folder is made, and a file that is something else is replaced
     * @throws DownloadException if it cannot be had; what has come of it is kept for the next time, unless it was wrong
     * @throws InterruptedException if the thread was interrupted; what has come is kept
     */
    public void download(RemoteFile file, Path target) throws InterruptedException {
        Path part = TemporaryName.visible(target);
        Path mark = part.resolveSibling(part.getFileName() + ".mark");
        try {
            if (isThere(file, target)) {
                listener.at(file.name(), Files.size(target), Files.size(target));
                return;
            }
            Files.createDirectories(target.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock(channel, part);
                Job job = new Job(file, channel, mark, target.toAbsolutePath().getParent());
                boolean resumed = channel.size() > 0;
                fetch(job);
                channel.force(true);
                if (!isRight(job, part)) {
                    channel.truncate(0);
                    if (!resumed) {
                        throw wrong(job);
                    }
                    listener.again(file.name(), "its checksum is wrong; it is fetched anew", Duration.ZERO);
                    fetch(job);
                    channel.force(true);
                    if (!isRight(job, part)) {
                        channel.truncate(0);
                        throw wrong(job);
                    }
                }
            }
            AtomicFile.move(part, target);
            Files.deleteIfExists(mark);
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException("the download of " + target + " was interrupted");
        } catch (IOException e) {
            throw new DownloadException(
                    target + " cannot be written: " + reason(e)
                            + ". Make room or choose another folder, and start again:" + " what has come is kept.",
                    e);
        }
    }

    private static boolean isThere(RemoteFile file, Path target) throws IOException {
        if (!Files.isRegularFile(target) || file.bytes() != RemoteFile.UNKNOWN && file.bytes() != Files.size(target)) {
            return false;
        }
        return file.checksum().isEmpty() || file.checksum().get().matches(target);
    }

    /** Keeps other programs off until the channel is closed. */
    private static void lock(FileChannel channel, Path part) throws IOException {
        if (!FileLocks.tryLock(channel)) {
            throw new DownloadException(part + " is being downloaded by another program; wait for it, or end it.");
        }
    }

    private static boolean isRight(Job job, Path part) throws IOException {
        return job.checksum.isEmpty() || job.checksum.get().matches(part);
    }

    private static DownloadException wrong(Job job) {
        return new DownloadException(job.file.uri() + " is not what was published: its checksum is not "
                + job.checksum.orElseThrow() + ". It was thrown away. Try later or another mirror; if it stays so, the"
                + " file has been changed at its source.");
    }

    /** Asks again and again until all of it is here. */
    private void fetch(Job job) throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            long before = job.part.size();
            try {
                attempt(job);
                return;
            } catch (Retry e) {
                failures = job.part.size() > before ? 1 : failures + 1;
                if (failures >= settings.tries()) {
                    throw new DownloadException(
                            job.file.uri() + " cannot be downloaded: " + e.getMessage() + ", " + failures
                                    + " times in a row. What has come is kept: start again later to go on.",
                            e);
                }
                Duration wait = settings.firstWait().multipliedBy(1L << Math.min(failures - 1, 20));
                if (wait.compareTo(e.wait) < 0) {
                    wait = e.wait;
                }
                if (wait.compareTo(DownloadSettings.MAX_WAIT) > 0) {
                    wait = DownloadSettings.MAX_WAIT;
                }
                listener.again(job.file.name(), e.getMessage(), wait);
                Thread.sleep(wait.toMillis());
            }
        }
    }

    /** One connection; returns if the file is complete. */
    private void attempt(Job job) throws IOException, InterruptedException {
        long have = job.part.size();
        String mark = Files.exists(job.mark) ? Files.readString(job.mark).strip() : "";
        if (job.total != RemoteFile.UNKNOWN && have > job.total
                || have > 0 && mark.isEmpty() && job.checksum.isEmpty()) {
            job.part.truncate(0);
            have = 0;
        }
        if (job.total != RemoteFile.UNKNOWN && have == job.total && have > 0) {
            return;
        }
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = ask(job, have, mark);
        try (Body body = new Body()) {
            response.body().subscribe(body);
            if (isWhole(job, response, have)) {
                return;
            }
            check(job, response);
            if (response.statusCode() == 206) {
                have = resume(job, response, have);
            } else {
                job.part.truncate(0);
                have = 0;
                learn(
                        job,
                        response,
                        response.headers().firstValueAsLong("content-length").orElse(RemoteFile.UNKNOWN));
                Files.writeString(job.mark, mark(response));
            }
            room(job, have);
            receive(job, body, have);
        }
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> ask(Job job, long have, String mark)
            throws IOException, InterruptedException {
        URI first = settings.mirror().apply(job.file.uri());
        URI uri = first;
        for (int hop = 0; ; hop++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .timeout(settings.answer())
                    .header("User-Agent", "omniscribe")
                    .header("Accept-Encoding", "identity");
            job.file.page().ifPresent(page -> request.header("Referer", page.toString()));
            if (job.file.token().isPresent() && uri.getRawAuthority().equals(first.getRawAuthority())) {
                request.header("Authorization", "Bearer " + job.file.token().get());
            }
            if (have > 0) {
                request.header("Range", "bytes=" + have + "-");
                if (!mark.isEmpty()) {
                    request.header("If-Range", mark);
                }
            }
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response;
            try {
                response = (job.file.token().isPresent() ? staying : client)
                        .send(request.build(), HttpResponse.BodyHandlers.ofPublisher());
            } catch (IOException e) {
                throw new Retry(uri.getHost() + " does not answer (" + reason(e) + ")");
            }
            Optional<String> elsewhere = response.headers().firstValue("location");
            if (response.statusCode() / 100 != 3 || elsewhere.isEmpty() || hop == MAX_HOPS) {
                return response;
            }
            learnChecksum(job, response);
            try (Body unread = new Body()) {
                response.body().subscribe(unread);
            }
            uri = next(uri, elsewhere.get());
        }
    }

    /** Where a server with a token sends us on to, which the client itself would do with the token still there. */
    private static URI next(URI from, String location) {
        URI next;
        try {
            next = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new DownloadException(from + " refers to \"" + location + "\", which is no address", e);
        }
        if (next.getHost() == null
                || !(from.getScheme().equals("http") || next.getScheme().equals("https"))) {
            throw new DownloadException(from + " refers to " + next + ", which is not safe. Try later");
        }
        return next;
    }

    /** Whether there is nothing left to send, since all of it came before the program was ended. */
    private static boolean isWhole(Job job, HttpResponse<?> response, long have) {
        boolean whole = response.statusCode() == 416
                && response.headers().firstValue("content-range").orElse("").equals("bytes */" + have);
        if (whole) {
            learn(job, response, have);
        }
        return whole;
    }

    /** Refuses answers that no later try would make better, and asks for another try at the others. */
    private static void check(Job job, HttpResponse<?> response) throws IOException {
        int status = response.statusCode();
        if (status == 416) {
            job.part.truncate(0);
            throw new Retry("the server has less of it than was fetched before");
        }
        if (status == 408 || status == 429 || status >= 500) {
            String after = response.headers().firstValue("retry-after").orElse("");
            Duration wait = after.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(after)) : Duration.ZERO;
            throw new Retry("the server answers " + status, wait);
        }
        if (status != 200 && status != 206) {
            throw new DownloadException(job.file.uri() + " cannot be downloaded: the server answers " + status
                    + switch (status) {
                        case 401, 403 ->
                            " (not allowed). Look at the address in a browser: it may want an account"
                                    + " or the acceptance of a licence.";
                        case 404, 410 -> " (not there any more). Look for the file on the pages of its makers.";
                        default -> ". Try later or another mirror.";
                    });
        }
        String type = response.headers().firstValue("content-type").orElse("");
        if (type.startsWith("text/html") && !job.file.name().matches(".*\\.html?")) {
            throw new DownloadException(job.file.uri() + " is a web page instead of a file. Look at the address in a"
                    + " browser: the network may want a login, or the file has moved.");
        }
    }

    /** Takes up the download where it was left; returns from which byte on. */
    private static long resume(Job job, HttpResponse<?> response, long have) throws IOException {
        Matcher range =
                RANGE.matcher(response.headers().firstValue("content-range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != have) {
            job.part.truncate(0);
            throw new Retry("the server sent another part than was asked for");
        }
        learn(job, response, range.group(3).equals("*") ? RemoteFile.UNKNOWN : Long.parseLong(range.group(3)));
        return have;
    }

    /** Takes note of what the server tells of the file, and compares it with what was published. */
    private static void learn(Job job, HttpResponse<?> response, long total) {
        if (job.file.bytes() == RemoteFile.UNKNOWN) {
            job.total = total;
        } else if (total != RemoteFile.UNKNOWN && total != job.file.bytes()) {
            throw new DownloadException(job.file.uri() + " is not what was published: the server has " + total
                    + " bytes of it instead of " + job.file.bytes()
                    + ". Try another mirror; if it stays so, the file has"
                    + " been changed at its source.");
        }
        for (HttpResponse<?> r = response; r != null; r = r.previousResponse().orElse(null)) {
            learnChecksum(job, r);
        }
    }

    private static void learnChecksum(Job job, HttpResponse<?> response) {
        Matcher told =
                SHA256.matcher(response.headers().firstValue("x-linked-etag").orElse(""));
        if (job.file.checksum().isEmpty() && told.matches()) {
            job.checksum = Optional.of(Checksum.sha256(told.group(1)));
        }
    }

    /** What tells one version of a file from another: a strong entity tag, or else the time of its last change. */
    private static String mark(HttpResponse<?> response) {
        return response.headers()
                .firstValue("etag")
                .filter(tag -> tag.startsWith("\""))
                .or(() -> response.headers().firstValue("last-modified"))
                .orElse("");
    }

    private static void room(Job job, long have) throws IOException {
        long room = Files.getFileStore(job.folder).getUsableSpace();
        long needed = Math.max(0, job.total - have) + RESERVE;
        if (room < needed) {
            throw new DownloadException(String.format(
                    Locale.ROOT,
                    "%s needs %,d MB more in %s, and there are %,d MB free. Make room or choose another folder, and"
                            + " start again: what has come is kept.",
                    job.file.name(),
                    needed / 1_000_000,
                    job.folder,
                    room / 1_000_000));
        }
    }

    private void receive(Job job, Body body, long from) throws IOException, InterruptedException {
        long at = from;
        long checked = at;
        listener.at(job.file.name(), at, job.total);
        while (job.total == RemoteFile.UNKNOWN || at < job.total) {
            List<ByteBuffer> buffers;
            try {
                buffers = body.next(settings.silence());
            } catch (IOException e) {
                throw new Retry("the connection broke off after " + at + " bytes (" + reason(e) + ")");
            }
            if (buffers.isEmpty()) {
                if (job.total == RemoteFile.UNKNOWN) {
                    return;
                }
                throw new Retry("the connection ended after " + at + " of " + job.total + " bytes");
            }
            for (ByteBuffer buffer : buffers) {
                if (job.total != RemoteFile.UNKNOWN && buffer.remaining() > job.total - at) {
                    buffer.limit(buffer.position() + (int) (job.total - at));
                }
                while (buffer.hasRemaining()) {
                    at += job.part.write(buffer, at);
                }
            }
            if (at - checked > RESERVE / 4) {
                checked = at;
                room(job, at);
            }
            listener.at(job.file.name(), at, job.total);
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
