package org.omniscribe.eval.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.omniscribe.asr.transcript.Word;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.eval.score.NistFiles;
import org.omniscribe.eval.score.ScoreException;

/**
 * What another system recognised, read from a file: trn or tsv, a line an utterance, or ctm, words with times.
 *
 * <p>A line of trn or tsv belongs to the utterance of that id; to {@code set/id}, where several sets have the id; to the
 * name that {@link NistExport} gives it; or to the whole file of that name, with or without its ending. A word of ctm
 * belongs to the utterance of its recording and channel that holds the middle of the word.
 *
 * @param recognitions one an utterance that the file has, in the order of the sets
 * @param unknown names in the file that no utterance has, in order
 */
public record ImportedOutput(List<Recognition> recognitions, List<String> unknown) {
    /** Copies the lists. */
    public ImportedOutput {
        recognitions = List.copyOf(recognitions);
        unknown = List.copyOf(unknown);
    }

    /** An utterance and the set that it is in. */
    private record Place(String set, Utterance utterance) {}

    /**
     * Reads a file.
     *
     * @param file by its name: {@code .ctm}, {@code .tsv}, and everything else as trn
     * @param sets the sets that the system may have recognised
     * @throws ScoreException with all faulty lines, or if no line belongs to any utterance
     */
    public static ImportedOutput read(Path file, List<TestSet> sets) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        List<Place> places = sets.stream()
                .flatMap(set -> set.utterances().stream().map(u -> new Place(set.name(), u)))
                .toList();
        ImportedOutput output;
        if (name.endsWith(".ctm")) {
            output = ofWords(NistFiles.readCtm(file), places);
        } else if (name.endsWith(".tsv")) {
            output = ofTexts(NistFiles.readTsv(file), sets, places);
        } else {
            output = ofTexts(NistFiles.readTrn(file), sets, places);
        }
        if (output.recognitions.isEmpty()) {
            throw new ScoreException(file + ": none of its names is that of an utterance"
                    + (output.unknown.isEmpty() ? "; it is empty" : ", the first is " + output.unknown.get(0))
                    + ". Names must be the utterances' ids, such as "
                    + places.get(0).utterance().id() + ", or names of audio files.");
        }
        return output;
    }

    private static ImportedOutput ofTexts(List<NistFiles.Utterance> texts, List<TestSet> sets, List<Place> places) {
        Map<String, Place> byName = names(sets, places);
        Map<Place, Recognition> found = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (NistFiles.Utterance text : texts) {
            Place place = find(byName, text.id());
            if (place == null || found.containsKey(place)) {
                unknown.add(text.id());
            } else {
                found.put(place, Recognition.imported(place.set, place.utterance, text.text(), List.of()));
            }
        }
        return new ImportedOutput(
                places.stream().filter(found::containsKey).map(found::get).toList(), unknown);
    }

    /** The utterance of a name; of a path the last part will do. */
    private static Place find(Map<String, Place> names, String name) {
        Place place = names.get(name);
        int slash = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
        return place != null || slash < 0 ? place : names.get(name.substring(slash + 1));
    }

    /** The utterance that each name stands for; names that could mean several are not there. */
    private static Map<String, Place> names(List<TestSet> sets, List<Place> places) {
        Map<String, Place> names = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        // Ids before other names: an id that is another utterance's file name is an id.
        for (Place place : places) {
            name(place.utterance.id(), place, names, ambiguous);
            name(place.set + "/" + place.utterance.id(), place, names, ambiguous);
        }
        Set<String> ids = new HashSet<>(names.keySet());
        names.keySet().removeAll(ambiguous);
        ambiguous.clear();
        Map<String, Place> others = new HashMap<>();
        for (TestSet set : sets) {
            int number = 0;
            for (Utterance utterance : set.utterances()) {
                Place place = new Place(set.name(), utterance);
                number++;
                name(NistExport.id(utterance, number), place, others, ambiguous);
                if (utterance.wholeFile()) {
                    String file = utterance.audio().getFileName().toString();
                    name(file, place, others, ambiguous);
                    name(stem(utterance.audio()), place, others, ambiguous);
                }
            }
        }
        others.keySet().removeAll(ambiguous);
        others.keySet().removeAll(ids);
        names.putAll(others);
        return names;
    }

    private static void name(String name, Place place, Map<String, Place> names, Set<String> ambiguous) {
        Place other = names.putIfAbsent(name, place);
        if (other != null && !other.equals(place)) {
            ambiguous.add(name);
        }
    }

    private static ImportedOutput ofWords(List<NistFiles.Word> words, List<Place> places) {
        Map<String, List<Place>> byFile =
                places.stream().collect(Collectors.groupingBy(p -> stem(p.utterance.audio())));
        Map<Place, List<NistFiles.Word>> heard = new HashMap<>();
        Map<String, Boolean> unknown = new LinkedHashMap<>();
        for (NistFiles.Word word : words) {
            if (Double.isNaN(word.start())) {
                throw new ScoreException("alternatives (" + word.text()
                        + ") cannot be imported; write the likeliest words only, or use omniscribe score");
            }
            List<Place> file = byFile.getOrDefault(word.file(), List.of());
            if (file.isEmpty()) {
                unknown.put(word.file(), true);
            }
            file.stream().filter(p -> holds(p.utterance, word)).forEach(p -> heard.computeIfAbsent(
                            p, k -> new ArrayList<>())
                    .add(word));
        }
        Set<String> named = words.stream().map(NistFiles.Word::file).collect(Collectors.toSet());
        // In a recording that the file has, an utterance without words was heard as silence.
        List<Recognition> recognitions = places.stream()
                .filter(p -> named.contains(stem(p.utterance.audio())))
                .map(p -> recognition(p, heard.getOrDefault(p, List.of())))
                .toList();
        return new ImportedOutput(recognitions, List.copyOf(unknown.keySet()));
    }

    private static boolean holds(Utterance utterance, NistFiles.Word word) {
        double middle = word.start() + word.duration() / 2;
        boolean time = utterance.wholeFile() || middle >= utterance.start() && middle < utterance.end();
        return time && (utterance.channel() == Utterance.ALL_CHANNELS || utterance.channel() == channel(word));
    }

    /** NIST's channels are 1 and 2 or A and B. */
    private static int channel(NistFiles.Word word) {
        char first = Character.toUpperCase(word.channel().charAt(0));
        return first >= 'A' ? first - 'A' : first - '1';
    }

    private static Recognition recognition(Place place, List<NistFiles.Word> words) {
        List<NistFiles.Word> ordered = words.stream()
                .sorted(Comparator.comparingDouble(NistFiles.Word::start))
                .toList();
        String text = ordered.stream().map(NistFiles.Word::text).collect(Collectors.joining(" "));
        boolean sure = ordered.stream().allMatch(w -> w.confidence() >= 0 && w.confidence() <= 1);
        List<Word> times =
                sure ? ordered.stream().map(w -> word(place.utterance, w)).toList() : List.of();
        return Recognition.imported(place.set, place.utterance, text, times);
    }

    private static Word word(Utterance utterance, NistFiles.Word word) {
        double start = Math.max(0, word.start() - utterance.start());
        double end = Math.max(start, word.start() + word.duration() - utterance.start());
        return new Word(word.text(), start, end, word.confidence());
    }

    private static String stem(Path audio) {
        String file = audio.getFileName().toString();
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }
}
