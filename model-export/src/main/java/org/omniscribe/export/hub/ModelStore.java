package org.omniscribe.export.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.Sha256;
import org.omniscribe.datasets.download.Checksum;
import org.omniscribe.datasets.download.DownloadException;
import org.omniscribe.datasets.download.Downloader;
import org.omniscribe.datasets.download.RemoteFile;

/**
 * The folder of a user's models: bundles by name, and beside them, in folders whose names begin with a point, the
 * checkpoints that they came from and the licences that were accepted.
 *
 * @param folder where it is
 */
public record ModelStore(Path folder) {
    private static final String PIN = ".sha256";

    /**
     * The store of this user: what {@code OMNISCRIBE_MODELS} names, else {@code omniscribe/models} where the system keeps
     * the data of programs.
     *
     * @param environment looks up a variable; null if it is not set
     */
    public static ModelStore ofUser(java.util.function.UnaryOperator<String> environment) {
        String named = environment.apply("OMNISCRIBE_MODELS");
        if (named != null && !named.isBlank()) {
            return new ModelStore(Path.of(named));
        }
        String data = environment.apply("XDG_DATA_HOME");
        String windows = environment.apply("LOCALAPPDATA");
        Path base = data != null && !data.isBlank()
                ? Path.of(data)
                : windows != null && !windows.isBlank()
                        ? Path.of(windows)
                        : Path.of(System.getProperty("user.home"), ".local", "share");
        return new ModelStore(base.resolve("omniscribe").resolve("models"));
    }

    /** Where the bundle of a model is or will be. */
    public Path bundle(String name) {
        return folder.resolve(name);
    }

    /** Whether the licence was accepted on this machine before. */
    public boolean accepted(String licence) {
        return Files.exists(licenceFile(licence));
    }

    /**
     * Remembers that a licence was accepted.
     *
     * @throws IOException if it cannot be written down
     */
    public void accept(String licence, URI terms) throws IOException {
        Files.createDirectories(licenceFile(licence).getParent());
        Files.writeString(licenceFile(licence), "accepted: " + licence + ", " + terms + "\n");
    }

    private Path licenceFile(String licence) {
        return folder.resolve(".licences").resolve(licence);
    }

    /**
     * Fetches a checkpoint, or finds it whole from before. Its SHA-256 is written down at the first time, and what comes
     * later must be the same.
     *
     * @param name name of the model
     * @param address where the checkpoint is
     * @param given its SHA-256, if the user knows it
     * @param token an access token for that server
     * @return the file
     * @throws DownloadException if it cannot be had, or is not what it was; what has come of it is kept
     */
    public Path fetch(Downloader downloader, String name, URI address, Optional<Checksum> given, Optional<String> token)
            throws InterruptedException {
        String path = address.getPath();
        Path target = folder.resolve(".checkpoints").resolve(name).resolve(path.substring(path.lastIndexOf('/') + 1));
        Path pin = target.resolveSibling(target.getFileName() + PIN);
        try {
            Optional<Checksum> wanted = given;
            if (given.isEmpty() && Files.exists(pin)) {
                wanted = Optional.of(Checksum.sha256(Files.readString(pin).split("\\s")[0]));
            }
            downloader.download(new RemoteFile(address, RemoteFile.UNKNOWN, wanted, Optional.empty(), token), target);
            Files.writeString(
                    pin, wanted.isPresent() ? line(wanted.get().hex(), target) : line(Sha256.of(target), target));
            return target;
        } catch (IllegalArgumentException e) {
            throw new DownloadException(pin + " holds no SHA-256; delete it, and start again", e);
        } catch (IOException e) {
            throw new DownloadException(
                    target + ": its checksum cannot be kept (" + FailureText.reason(e)
                            + "). Make room or choose another folder",
                    e);
        }
    }

    /** As {@code sha256sum} writes and checks it. */
    private static String line(String hex, Path file) {
        return hex + "  " + file.getFileName() + "\n";
    }
}
