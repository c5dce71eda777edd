package org.omniscribe.app.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.omniscribe.app.batch.AtomicFile;
import org.omniscribe.asr.ProgressListener;
import org.omniscribe.asr.Recognizer;
import org.omniscribe.asr.audio.AudioReader;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.SegmentReader;
import org.omniscribe.datasets.Utterance;
import org.omniscribe.datasets.UtteranceList;
import org.omniscribe.eval.report.JsonReport;
import org.omniscribe.eval.report.Report;
import org.omniscribe.eval.report.TextReport;
import org.omniscribe.eval.report.TrnExport;
import org.omniscribe.eval.run.Evaluation;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.SetResult;
import org.omniscribe.eval.run.TestSet;
import org.omniscribe.eval.run.TestSets;
import org.omniscribe.eval.run.Transcriber;
import org.omniscribe.eval.score.EditCosts;
import org.omniscribe.eval.text.Normalizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe eval}: how many errors the recogniser makes on recordings whose words are known. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Recognise test sets and print their word error rates.",
            "",
            "A manifest has one utterance a line, four columns with tabs between them: audio file (relative to the"
                    + " manifest), seconds, speaker, text; or, if its name ends in .jsonl, a JSON object with audio, text"
                    + " and, for a segment, start, end and channel. Folders of Kaldi's (wav.scp) and those with"
                    + " metadata.csv or metadata.jsonl are read too.",
            "",
            "Utterances without words to compare and files that are no audio are in no rate; they are named below the"
                    + " table."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe eval dev/*/manifest.tsv",
            "  omniscribe eval test/librispeech-other --jsonl utterances.jsonl --trn trn/",
            "  sclite -r trn/librispeech-other/ref.trn trn -h trn/librispeech-other/hyp.trn trn -i rm -s"
        })
final class EvalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "MANIFEST",
            description = "Test sets: a manifest or a folder of one of these kinds each.")
    private List<Path> manifests;

    @Option(
            names = "--normalizer",
            paramLabel = "NAME",
            converter = NormalizerOption.class,
            completionCandidates = NormalizerOption.class,
            defaultValue = "basic",
            description = "What both texts go through before they are compared: ${COMPLETION-CANDIDATES}."
                    + " Default: ${DEFAULT-VALUE}.")
    private Normalizer normalizer;

    @Option(
            names = "--costs",
            paramLabel = "COSTS",
            defaultValue = "NIST",
            description = "How words are aligned: as sclite does, or with the fewest errors (${COMPLETION-CANDIDATES})."
                    + " Default: ${DEFAULT-VALUE}.")
    private EditCosts costs;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON too.")
    private Path json;

    @Option(
            names = "--jsonl",
            paramLabel = "FILE",
            description = "Write every utterance as one line of JSON, as soon as it is recognised.")
    private Path jsonl;

    @Option(
            names = "--trn",
            paramLabel = "DIR",
            description = "Write ref.trn and hyp.trn of every set, for sclite, in a folder named after the set.")
    private Path trn;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecoderOptions decoder;

    @Override
    public Integer call() throws IOException {
        List<TestSet> sets = read();
        Report report;
        try (Recognizer recognizer = Recognizer.open(
                        model.builder().decoder(decoder.decoder()).build());
                Writer lines = jsonl == null ? Writer.nullWriter() : newFile(jsonl)) {
            recognizer.warning().ifPresent(w -> command.commandLine().getErr().println("omniscribe: " + w));
            report = new Report(recognizer.model().name(), normalizer, costs, run(recognizer, sets, lines));
        }
        PrintWriter out = command.commandLine().getOut();
        out.print(TextReport.format(report));
        out.flush();
        if (json != null) {
            AtomicFile.write(json, file -> file.write(JsonReport.format(report)));
        }
        if (trn != null) {
            for (SetResult set : report.sets()) {
                TrnExport.write(set, trn.resolve(set.name()));
            }
        }
        boolean complete =
                sets.size() == manifests.size() && report.total().failed().isEmpty();
        return complete ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    /** The sets that can be read; the faults of the others are told. */
    private List<TestSet> read() {
        List<String> names;
        try {
            names = TestSets.names(manifests);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        List<TestSet> sets = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            try {
                UtteranceList list = UtteranceList.read(manifests.get(i));
                list.warnings().forEach(w -> command.commandLine().getErr().println("omniscribe: " + w));
                sets.add(new TestSet(names.get(i), list.utterances()));
            } catch (DatasetException e) {
                command.commandLine().getErr().println("omniscribe: " + e.getMessage());
            }
        }
        if (sets.isEmpty()) {
            throw new CommandException(ExitCode.SOME_FAILED, "there is nothing to recognise");
        }
        return sets;
    }

    private List<SetResult> run(Recognizer recognizer, List<TestSet> sets, Writer lines) {
        List<Utterance> all =
                sets.stream().flatMap(s -> s.utterances().stream()).toList();
        double seconds = all.stream().mapToDouble(Utterance::seconds).sum();
        List<SetResult> results = new ArrayList<>();
        try (Progress progress =
                        new Progress(command.commandLine().getErr(), Progress.terminalColumns(), all.size(), seconds);
                SegmentReader segments = new SegmentReader()) {
            Transcriber transcriber = utterance -> {
                progress.begin();
                return transcribe(recognizer, segments, utterance, (done, total) -> progress.at(done));
            };
            Evaluation evaluation = new Evaluation(transcriber, normalizer, costs);
            for (TestSet set : sets) {
                results.add(evaluation.run(set, outcome -> done(set, outcome, progress, lines)));
                progress.line(set.name() + ": " + set.utterances().size() + " utterances");
            }
        }
        return results;
    }

    private static Transcript transcribe(
            Recognizer recognizer, SegmentReader segments, Utterance utterance, ProgressListener listener) {
        if (!utterance.wholeFile()) {
            return recognizer.transcribe(segments.read(utterance), utterance.id());
        }
        try (AudioReader reader = AudioReader.open(utterance.audio(), utterance.channels())) {
            return recognizer.transcribe(reader, utterance.audio().toString(), listener);
        }
    }

    private void done(TestSet set, Outcome outcome, Progress progress, Writer lines) {
        if (outcome instanceof Outcome.NoReference) {
            progress.begin();
        }
        progress.end(outcome.utterance().seconds());
        if (outcome instanceof Outcome.Failed failed) {
            progress.line("omniscribe: " + failed.reason());
        }
        try {
            lines.write(JsonReport.line(set.name(), outcome) + "\n");
            lines.flush();
        } catch (IOException e) {
            throw new CommandException(ExitCode.ENVIRONMENT, jsonl + ": cannot be written (" + e + ")");
        }
    }

    private static BufferedWriter newFile(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.newBufferedWriter(file);
    }
}
