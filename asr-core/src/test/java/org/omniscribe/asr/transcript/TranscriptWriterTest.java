package org.omniscribe.asr.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.omniscribe.asr.routing.RoutingTrace;

class TranscriptWriterTest {
    private static final Transcript TALK = new Transcript(
            "talks/my talk.wav",
            6.2345,
            "omni-small",
            Segment.atPauses(List.of(
                    new Word("it's", 0.48, 0.72, 0.98765),
                    new Word("<b>", 0.76, 0.9, 1),
                    new Word("R&D", 1.00049, 1.2, 0.5),
                    new Word("-->", 3.04, 3.5, 1e-7))),
            Optional.empty(),
            List.of());

    private static final Transcript SILENCE =
            new Transcript("silence.wav", 3, "omni-small", List.of(), Optional.empty(), List.of("nothing to hear"));

    private static final Transcript ROUTED = new Transcript(
            "a.wav",
            0.12,
            "omni-small",
            List.of(),
            Optional.of(
                    new Transcript.Routing(0.04, new RoutingTrace(new int[][] {{0, 3, 1}, {2, 2, 0}}, new float[][] {
                        {1, 0.5f, 0.25f}, {1, 1, 0.33333f}
                    }))),
            List.of());

    private static final Transcript CHOICE = new Transcript(
            "a.wav",
            0.12,
            "omni-small",
            List.of(),
            List.of(new Transcript.Choice(
                    0,
                    0.12,
                    List.of(
                            new Transcript.Choice.Text("", -1.25),
                            new Transcript.Choice.Text("say \"oh\"", -3.12345)))),
            Optional.empty(),
            List.of());

    @TempDir
    Path folder;

    private static String format(Transcript transcript, TranscriptFormat format) {
        return TranscriptWriter.format(transcript, format);
    }

    @Test
    void plainTextHasOneSegmentALine() {
        assertEquals("it's <b> R&D\n-->\n", format(TALK, TranscriptFormat.TXT));
        assertEquals("", format(SILENCE, TranscriptFormat.TXT));
    }

    @Test
    void subRipCountsFromOneAndHasNothingThatPlayersTakeForMarkup() {
        assertEquals(
                """
                1
                00:00:00,480 --> 00:00:01,500
                it's ‹b› R&D

                2
                00:00:03,040 --> 00:00:04,040
                --›

                """,
                format(TALK, TranscriptFormat.SRT));
        assertEquals("", format(SILENCE, TranscriptFormat.SRT));
    }

    @Test
    void webVttEscapesMarkup() {
        assertEquals(
                """
                WEBVTT

                00:00:00.480 --> 00:00:01.500
                it's &lt;b&gt; R&amp;D

                00:00:03.040 --> 00:00:04.040
                --&gt;
                """,
                format(TALK, TranscriptFormat.VTT));
        assertEquals("WEBVTT\n", format(SILENCE, TranscriptFormat.VTT));
    }

    @Test
    void captionClocksGoBeyondAnHour() {
        Transcript late = new Transcript(
                "x",
                360_100,
                "m",
                Segment.atPauses(List.of(new Word("x", 360_000, 360_003, 1))),
                Optional.empty(),
                List.of());
        assertTrue(format(late, TranscriptFormat.SRT).contains("100:00:00,000 --> 100:00:03,300"));
    }

    @Test
    void ctmHasSixFieldsAndDurationsOfTheRoundedTimes() {
        assertEquals(
                """
                my_talk A 0.480 0.240 it's 0.9877
                my_talk A 0.760 0.140 <b> 1.0000
                my_talk A 1.000 0.200 R&D 0.5000
                my_talk A 3.040 0.460 --> 0.0000
                """,
                format(TALK, TranscriptFormat.CTM));
        assertEquals("", format(SILENCE, TranscriptFormat.CTM));
    }

    @Test
    void jsonHasOneWordALine() {
        assertEquals(
                """
                {
                  "file": "talks/my talk.wav",
                  "duration": 6.235,
                  "model": "omni-small",
                  "text": "it's <b> R&D -->",
                  "segments": [
                    {
                      "start": 0.480,
                      "end": 1.200,
                      "text": "it's <b> R&D",
                      "words": [
                        { "word": "it's", "start": 0.480, "end": 0.720, "confidence": 0.9877 },
                        { "word": "<b>", "start": 0.760, "end": 0.900, "confidence": 1.0000 },
                        { "word": "R&D", "start": 1.000, "end": 1.200, "confidence": 0.5000 }
                      ]
                    },
                    {
                      "start": 3.040,
                      "end": 3.500,
                      "text": "-->",
                      "words": [
                        { "word": "-->", "start": 3.040, "end": 3.500, "confidence": 0.0000 }
                      ]
                    }
                  ],
                  "warnings": []
                }
                """,
                format(TALK, TranscriptFormat.JSON));
    }

    @Test
    void jsonRoutingHasOneLayerALine() {
        assertEquals(
                """
                {
                  "file": "a.wav",
                  "duration": 0.120,
                  "model": "omni-small",
                  "text": "",
                  "segments": [],
                  "routing": {
                    "stepSeconds": 0.040000,
                    "experts": [
                      [ 0, 3, 1 ],
                      [ 2, 2, 0 ]
                    ],
                    "probabilities": [
                      [ 1.0000, 0.5000, 0.2500 ],
                      [ 1.0000, 1.0000, 0.3333 ]
                    ]
                  },
                  "warnings": []
                }
                """,
                format(ROUTED, TranscriptFormat.JSON));
    }

    @Test
    void jsonHasTheTextsToChooseFrom() {
        assertEquals(
                """
                {
                  "file": "a.wav",
                  "duration": 0.120,
                  "model": "omni-small",
                  "text": "",
                  "segments": [],
                  "nbest": [
                    {
                      "start": 0.000,
                      "end": 0.120,
                      "texts": [
                        { "text": "", "score": -1.2500 },
                        { "text": "say \\"oh\\"", "score": -3.1235 }
                      ]
                    }
                  ],
                  "warnings": []
                }
                """,
                format(CHOICE, TranscriptFormat.JSON));
    }

    @Test
    void jsonObeysItsSchemaAndTheSchemaRefusesWhatItShould() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(mapper.readTree(
                        Path.of("..", "docs", "transcript.schema.json").toFile()));
        for (Transcript transcript : List.of(TALK, SILENCE, ROUTED, CHOICE)) {
            assertEquals(Set.of(), schema.validate(mapper.readTree(format(transcript, TranscriptFormat.JSON))));
        }
        JsonNode talk = mapper.readTree(format(TALK, TranscriptFormat.JSON));
        for (String field : List.of("file", "duration", "model", "text", "segments")) {
            ObjectNode less = talk.deepCopy();
            less.remove(field);
            assertFalse(schema.validate(less).isEmpty(), field);
        }
        ObjectNode wrong = talk.deepCopy();
        ((ObjectNode) wrong.at("/segments/0/words/0")).put("confidence", 1.5);
        assertFalse(schema.validate(wrong).isEmpty());
        ObjectNode more = talk.deepCopy();
        more.put("undocumented", 1);
        assertFalse(schema.validate(more).isEmpty());
    }

    @Test
    void filesAreUtf8AndReplaced() throws IOException {
        Path file = folder.resolve("x.txt");
        Files.writeString(file, "a much longer text that was here before");
        Transcript words = new Transcript(
                "x", 1, "m", Segment.atPauses(List.of(new Word("naïve", 0, 1, 1))), Optional.empty(), List.of());
        TranscriptWriter.write(words, TranscriptFormat.TXT, file);
        assertEquals("naïve\n", Files.readString(file));
    }

    @Test
    void numbersLookTheSameInEveryCountry() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            String here = format(TALK, TranscriptFormat.VTT) + format(TALK, TranscriptFormat.CTM);
            Locale.setDefault(Locale.ROOT);
            assertEquals(format(TALK, TranscriptFormat.VTT) + format(TALK, TranscriptFormat.CTM), here);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void formatsAreParsedInAnyCaseAndAnUnknownOneListsAll() {
        for (TranscriptFormat format : TranscriptFormat.values()) {
            assertEquals(format, TranscriptFormat.parse(format.extension()));
        }
        assertEquals(TranscriptFormat.VTT, TranscriptFormat.parse("VTT"));
        String message = assertThrows(IllegalArgumentException.class, () -> TranscriptFormat.parse("doc"))
                .getMessage();
        assertTrue(message.contains("txt, json, srt, vtt, ctm"), message);
    }
}
