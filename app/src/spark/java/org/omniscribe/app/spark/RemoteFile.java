package org.omniscribe.app.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.omniscribe.app.batch.AudioFiles;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.asr.io.OmniscribeException.Kind;

/**
 * A recording in a file system of Hadoop's, as it was when it was listed.
 *
 * @param uri where it is, as {@link Path#toString} has it
 * @param bytes its size
 * @param modified when it was changed last, in milliseconds since 1970
 */
record RemoteFile(String uri, long bytes, long modified) implements Serializable {
    private static final long serialVersionUID = 1L;

    static RemoteFile of(FileStatus status) {
        return new RemoteFile(status.getPath().toString(), status.getLen(), status.getModificationTime());
    }

    /** Opens it; the caller closes it. */
    FSDataInputStream open(Configuration hadoop) throws IOException {
        Path path = new Path(uri);
        return path.getFileSystem(hadoop).open(path);
    }

    /** Whether it is still as it was when it was listed. */
    boolean unchanged(Configuration hadoop) throws IOException {
        Path path = new Path(uri);
        return of(path.getFileSystem(hadoop).getFileStatus(path)).equals(this);
    }

    /**
     * Lists recordings, each once: files as they are named, folders with all audio files in and below them, and what
     * patterns match. Names that begin with a point or an underline are hidden.
     *
     * @throws CommandException if something that is named is not there
     */
    static List<RemoteFile> list(List<String> named, Configuration hadoop) throws IOException {
        Map<String, RemoteFile> found = new LinkedHashMap<>();
        for (String name : named) {
            Path path = new Path(name);
            FileSystem files = path.getFileSystem(hadoop);
            FileStatus[] matches = files.globStatus(path);
            if (matches == null || matches.length == 0) {
                throw new CommandException(
                        Kind.INPUT,
                        name + ": there is no such file or folder, and no file that it matches; nothing was done");
            }
            for (FileStatus match : matches) {
                for (FileStatus file : match.isDirectory() ? below(files, match.getPath()) : List.of(match)) {
                    found.putIfAbsent(file.getPath().toString(), of(file));
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static List<FileStatus> below(FileSystem files, Path folder) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        int start = folder.toString().length();
        try {
            RemoteIterator<LocatedFileStatus> all = files.listFiles(folder, true);
            while (all.hasNext()) {
                FileStatus file = all.next();
                String below = file.getPath().toString().substring(start);
                if (AudioFiles.looksLikeAudio(file.getPath().getName()) && !below.matches(".*/[._].*")) {
                    found.add(file);
                }
            }
        } catch (FileNotFoundException e) {
            throw new CommandException(
                    Kind.INPUT, folder + ": was changed while it was listed (" + e.getMessage() + "); start again");
        }
        return found;
    }
}
