package org.omniscribe.eval.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.eval.run.NistExport;
import org.omniscribe.eval.run.Outcome;
import org.omniscribe.eval.run.RunFolder;
import org.omniscribe.eval.run.SetResult;

/**
 * Writes a report in all formats.
 *
 * <pre>
 * report.html .md .csv .json        the report
 * SYSTEM/utterances.jsonl           every utterance, see {@link JsonReport#line}
 * SYSTEM/SET/{ref,hyp}.trn ...      for NIST's tools, see {@link NistExport}
 * </pre>
 */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Writes all files; those of the same names are replaced, each whole or not at all.
     *
     * @param report the report
     * @param folder where to; made if missing
     * @param audioBytes how much sound the HTML may hold, in bytes
     * @return the HTML file
     * @throws IOException if a file cannot be written
     */
    public static Path write(Report report, Path folder, long audioBytes) throws IOException {
        Files.createDirectories(folder);
        for (SystemReport system : report.systems()) {
            Path own = Files.createDirectories(
                    folder.resolve(RunFolder.fileName(system.info().name())));
            try (BufferedWriter lines = Files.newBufferedWriter(own.resolve("utterances.jsonl"))) {
                for (SetResult result : system.results()) {
                    for (Outcome outcome : result.outcomes()) {
                        lines.write(JsonReport.line(result.name(), outcome));
                        lines.write('\n');
                    }
                }
            }
            for (SetResult result : system.results()) {
                if (!result.scored().isEmpty()) {
                    NistExport.write(result, own.resolve(RunFolder.fileName(result.name())));
                }
            }
        }
        write(folder.resolve("report.csv"), CsvReport.format(report));
        write(folder.resolve("report.json"), JsonReport.format(report));
        write(folder.resolve("report.md"), TextReport.markdown(report));
        Path html = folder.resolve("report.html");
        write(html, HtmlReport.format(report, audioBytes));
        return html;
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text));
    }
}
