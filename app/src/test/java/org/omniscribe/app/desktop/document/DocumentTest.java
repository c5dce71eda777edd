package org.omniscribe.app.desktop.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.asr.routing.RoutingTrace;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.TranscriptFormat;
import org.omniscribe.asr.transcript.TranscriptWriter;
import org.omniscribe.asr.transcript.Word;
import org.w3c.dom.NodeList;

/** Corrections keep times, nothing is lost, and what is looked for is found. */
class DocumentTest {
    private static final List<Word> WORDS = List.of(
            new Word("the", 1, 1.2, 0.9),
            new Word("hold", 1.3, 1.7, 0.4),
            new Word("man", 1.7, 2, 0.8),
            new Word("went", 2.5, 3, 0.7));

    private static Document document() {
        Document document = new Document("t", "m", new Timeline(List.of(), 1), Optional.empty(), List.of());
        document.append(new Segment(1, 3, WORDS));
        document.append(new Segment(5, 6, List.of(new Word("The", 5, 5.5, 1), new Word("end", 5.5, 6, 1))));
        return document;
    }

    private static List<Word> align(String text) {
        return EditedWords.align(WORDS, text, 1, 3);
    }

    @Test
    void aReplacedWordTakesTheTimeOfTheOldOne() {
        assertEquals(
                List.of(WORDS.get(0), new Word("old", 1.3, 1.7, 1), WORDS.get(2), WORDS.get(3)),
                align("the old man went"));
    }

    @Test
    void twoWordsForOneShareItsTimeByTheirLengths() {
        List<Word> words = align("the h old man went");
        assertEquals(new Word("h", 1.3, 1.4, 1), rounded(words.get(1)));
        assertEquals(new Word("old", 1.4, 1.7, 1), rounded(words.get(2)));
        assertEquals(WORDS.get(3), words.get(4));
    }

    private static Word rounded(Word word) {
        return new Word(
                word.text(),
                Math.round(word.start() * 1e6) / 1e6,
                Math.round(word.end() * 1e6) / 1e6,
                word.confidence());
    }

    @Test
    void aWordPutInGetsTheGap() {
        assertEquals(
                new Word("slowly", 2, 2.5, 1), align("the hold man slowly went").get(3));
        assertEquals(new Word("down", 3, 3, 1), align("the hold man went down").get(4), "there is no gap at the end");
    }

    @Test
    void aWordTakenOutLeavesTheOthersAlone() {
        assertEquals(List.of(WORDS.get(0), WORDS.get(2), WORDS.get(3)), align("the man went"));
        assertEquals(List.of(), align("  "));
    }

    @Test
    void alignedWordsAreAlwaysASegment() {
        for (String text : List.of("a", "x the y hold z", "went man hold the", "the the the hold hold", "man")) {
            List<Word> words = align(text);
            assertEquals(text, new Segment(1, 3, words).text());
        }
    }

    @Test
    void aCorrectionCanBeTakenBackAlsoThatOfAWholeLine() {
        Document document = document();
        document.edit(0, "the old man");
        document.edit(1, "");
        assertEquals(1, document.lines().size());
        assertTrue(document.unsaved() && document.lines().get(0).edited());
        document.undo();
        assertEquals("The end", document.lines().get(1).segment().text());
        document.undo();
        assertEquals(WORDS, document.lines().get(0).segment().words());
        assertFalse(document.canUndo());
    }

    @Test
    void whatIsNotChangedIsNoCorrection() {
        Document document = document();
        document.edit(0, " the hold  man went ");
        assertFalse(document.unsaved() || document.canUndo());
    }

    @Test
    void searchGoesAcrossWordsInAnyCase() {
        Document document = document();
        assertEquals(List.of(new Document.Match(0, 0, 1), new Document.Match(1, 0, 1)), document.find("THE"));
        assertEquals(List.of(new Document.Match(0, 1, 3)), document.find("ld ma"));
        assertEquals(List.of(), document.find("  "));
    }

    @Test
    void theLineOfASecondIsTheLastThatHasBegun() {
        Document document = document();
        assertEquals(-1, document.lineAt(0.5));
        assertEquals(0, document.lineAt(4.9));
        assertEquals(1, document.lineAt(5));
    }

    @Test
    void aFinalLineTakesThePlaceOfTheTentativeWords() {
        Document document = document();
        document.showPartial(List.of(WORDS.get(0)), List.of(WORDS.get(1)));
        assertEquals(1, document.tentative().size());
        document.append(new Segment(7, 8, List.of(new Word("on", 7, 8, 1))));
        assertEquals(List.of(), document.tentative());
        assertEquals(7, document.words().size());
    }

    @Test
    void aTranscriptIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
        RoutingTrace trace = new RoutingTrace(new int[][] {{0, 2}, {1, 1}}, new float[][] {{0.5f, 1}, {0.25f, 0.75f}});
        Transcript transcript = new Transcript(
                "talk.wav",
                8,
                "base",
                document().transcript().segments(),
                Optional.of(new Transcript.Routing(0.04, trace)),
                List.of("cut off"));
        Path file = folder.resolve("talk.json");
        TranscriptWriter.write(transcript, TranscriptFormat.JSON, file);
        Transcript read = TranscriptFile.read(file);
        assertEquals(transcript.segments(), read.segments());
        assertEquals(transcript.warnings(), read.warnings());
        assertEquals(2, read.routing().orElseThrow().trace().expert()[0][1]);
        assertEquals(0.75f, read.routing().orElseThrow().trace().probability()[1][1]);
        Document corrected = Document.of(read, new Timeline(List.of(), 1), Optional.empty());
        corrected.edit(0, "the old man");
        assertEquals(read.routing(), corrected.transcript().routing(), "a correction keeps the experts");
    }

    /** Read back by the JDK's XML parser, which refuses what is not well-formed. */
    @Test
    void aWordDocumentHoldsEverySegment(@TempDir Path folder) throws Exception {
        Document document = new Document("a & b <1>", "m", new Timeline(List.of(), 1), Optional.empty(), List.of());
        document.append(new Segment(61, 63, List.of(new Word("AT&T", 61, 62, 1), new Word("x\u0001<y>", 62, 63, 1))));
        Path file = Export.named(folder.resolve("talk"), "docx");
        assertEquals(folder.resolve("talk.docx"), file);
        Files.write(file, Export.bytes(document.transcript(), file));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(3, zip.size());
            NodeList texts = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(zip.getInputStream(zip.getEntry("word/document.xml")))
                    .getElementsByTagName("w:t");
            assertEquals("a & b <1>", texts.item(0).getTextContent());
            assertEquals("1:01   ", texts.item(1).getTextContent());
            assertEquals("AT&T x<y>", texts.item(2).getTextContent());
        }
    }

    @Test
    void theEndingOfANameIsItsFormat(@TempDir Path folder) {
        assertEquals(folder.resolve("talk.SRT"), Export.named(folder.resolve("talk.SRT"), "docx"));
        assertEquals(folder.resolve("talk.v2.vtt"), Export.named(folder.resolve("talk.v2"), "vtt"));
        String text =
                new String(Export.bytes(document().transcript(), folder.resolve("t.txt")), StandardCharsets.UTF_8);
        assertEquals("the hold man went\nThe end\n", text);
    }

    @Test
    void whatIsNoTranscriptIsToldWithItsName(@TempDir Path folder) throws IOException {
        for (String text : List.of("{", "{}", "{\0\0\0\2word", "{\"segments\": [{\"words\": [{\"word\": \"a\"}]}]}")) {
            Path file = Files.writeString(folder.resolve("bad.json"), text);
            IOException e = assertThrows(IOException.class, () -> TranscriptFile.read(file));
            assertTrue(e.getMessage().contains("bad.json is no transcript"), e.getMessage());
        }
    }
}
