package org.omniscribe.app.experts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.omniscribe.asr.audio.AudioException;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.UtteranceList;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.run.TestSets;

/** The recordings that a command line names: lists of utterances, whose words may be known, and plain audio files. */
public final class Recordings {
    private Recordings() {}

    /**
     * Lists of utterances, one set each.
     *
     * @param lists manifests, or folders of one of the kinds that {@link UtteranceList} reads; no two the same
     * @param most utterances to take of each, evenly over the list
     * @param warnings takes what is left out
     * @throws DatasetException if one cannot be read
     * @throws IllegalArgumentException if one is there twice
     */
    public static List<TestSet> lists(List<Path> lists, int most, Consumer<String> warnings) {
        List<String> names = TestSets.names(lists);
        List<TestSet> sets = new ArrayList<>();
        for (int i = 0; i < lists.size(); i++) {
            UtteranceList list = UtteranceList.read(lists.get(i));
            list.warnings().forEach(warnings);
            sets.add(new TestSet(names.get(i), some(list.utterances(), most)));
        }
        return sets;
    }

    private static List<Utterance> some(List<Utterance> all, int most) {
        int count = Math.min(most, all.size());
        List<Utterance> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(all.get((int) ((long) i * all.size() / count)));
        }
        return some;
    }

    /**
     * Lists and audio files, told apart by their names; audio files of one folder are a set with its name.
     *
     * @param inputs lists as for {@link #lists}, and audio files
     * @param most utterances to take of each list, evenly over it
     * @param warnings takes what is left out
     * @throws DatasetException if a list cannot be read
     * @throws IllegalArgumentException if a list is there twice
     */
    public static List<TestSet> all(List<Path> inputs, int most, Consumer<String> warnings) {
        List<Path> lists = inputs.stream().filter(Recordings::isList).toList();
        List<TestSet> sets = new ArrayList<>(lists(lists, most, warnings));
        Map<String, List<Utterance>> files = new LinkedHashMap<>();
        inputs.stream().filter(input -> !isList(input)).forEach(file -> {
            Path folder = file.toAbsolutePath().normalize().getParent();
            String name = folder.getFileName() == null
                    ? "files"
                    : folder.getFileName().toString();
            files.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(Utterance.ofFile(file.toString(), file, seconds(file), "", ""));
        });
        files.forEach((name, utterances) -> sets.add(new TestSet(name, utterances)));
        return sets;
    }

    private static boolean isList(Path input) {
        String name = input.getFileName() == null
                ? ""
                : input.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isDirectory(input)
                || name.endsWith(".tsv")
                || name.endsWith(".jsonl")
                || name.endsWith(".csv")
                || name.equals("wav.scp");
    }

    /** What the file says of its length, or one second: it is told again when it is read. */
    private static double seconds(Path file) {
        try (AudioReader reader = AudioReader.open(file, new Channel.Mix())) {
            return reader.seconds() > 0 ? reader.seconds() : 1;
        } catch (AudioException e) {
            return 1;
        }
    }
}
