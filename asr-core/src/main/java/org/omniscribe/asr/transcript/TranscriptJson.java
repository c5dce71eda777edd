package org.omniscribe.asr.transcript;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** The JSON form, described in {@code docs/transcript.schema.json}: one word or one layer a line. */
final class TranscriptJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Indents by two spaces, or not at all while {@code inline} is set. */
    private static final class Layout implements DefaultPrettyPrinter.Indenter {
        boolean inline;

        @Override
        public void writeIndentation(JsonGenerator json, int level) throws IOException {
            json.writeRaw(inline ? " " : "\n" + "  ".repeat(level));
        }

        @Override
        public boolean isInline() {
            return false;
        }
    }

    private final Layout layout = new Layout();
    private final JsonGenerator json;

    private TranscriptJson(JsonGenerator json) {
        this.json = json;
        json.setPrettyPrinter(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withRootSeparator("")
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(layout)
                .withArrayIndenter(layout));
    }

    /** Writes a transcript and leaves the writer open. */
    static void write(Transcript transcript, Writer writer) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(writer)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            new TranscriptJson(json).transcript(transcript);
        }
        writer.write('\n');
    }

    private void transcript(Transcript transcript) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", transcript.file());
        number("duration", transcript.duration(), 3);
        json.writeStringField("model", transcript.model());
        if (transcript.language().isPresent()) {
            json.writeStringField("language", transcript.language().get());
        }
        json.writeStringField("text", transcript.text());
        json.writeArrayFieldStart("segments");
        for (Segment segment : transcript.segments()) {
            segment(segment);
        }
        json.writeEndArray();
        if (!transcript.choices().isEmpty()) {
            choices(transcript.choices());
        }
        if (!transcript.skipped().isEmpty()) {
            skipped(transcript.skipped());
        }
        if (transcript.routing().isPresent()) {
            routing(transcript.routing().get());
        }
        json.writeArrayFieldStart("warnings");
        for (String warning : transcript.warnings()) {
            json.writeString(warning);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void segment(Segment segment) throws IOException {
        json.writeStartObject();
        number("start", segment.start(), 3);
        number("end", segment.end(), 3);
        json.writeStringField("text", segment.text());
        json.writeArrayFieldStart("words");
        for (Word word : segment.words()) {
            json.writeStartObject();
            layout.inline = true;
            json.writeStringField("word", word.text());
            number("start", word.start(), 3);
            number("end", word.end(), 3);
            number("confidence", word.confidence(), 4);
            json.writeEndObject();
            layout.inline = false;
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void skipped(List<Transcript.Skipped> skipped) throws IOException {
        json.writeArrayFieldStart("skipped");
        for (Transcript.Skipped text : skipped) {
            json.writeStartObject();
            number("start", text.start(), 3);
            number("end", text.end(), 3);
            json.writeStringField("reason", text.reason());
            json.writeStringField("detail", text.detail());
            json.writeStringField("text", text.text());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void choices(List<Transcript.Choice> choices) throws IOException {
        json.writeArrayFieldStart("nbest");
        for (Transcript.Choice choice : choices) {
            json.writeStartObject();
            number("start", choice.start(), 3);
            number("end", choice.end(), 3);
            json.writeArrayFieldStart("texts");
            for (Transcript.Choice.Text text : choice.texts()) {
                json.writeStartObject();
                layout.inline = true;
                json.writeStringField("text", text.text());
                number("score", text.score(), 4);
                json.writeEndObject();
                layout.inline = false;
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void routing(Transcript.Routing routing) throws IOException {
        json.writeObjectFieldStart("routing");
        number("stepSeconds", routing.stepSeconds(), 6);
        json.writeArrayFieldStart("experts");
        for (int[] layer : routing.trace().expert()) {
            json.writeStartArray();
            layout.inline = true;
            for (int expert : layer) {
                json.writeNumber(expert);
            }
            json.writeEndArray();
            layout.inline = false;
        }
        json.writeEndArray();
        json.writeArrayFieldStart("probabilities");
        for (float[] layer : routing.trace().probability()) {
            json.writeStartArray();
            layout.inline = true;
            for (float probability : layer) {
                json.writeNumber(TranscriptWriter.fixed(probability, 4));
            }
            json.writeEndArray();
            layout.inline = false;
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void number(String name, double value, int decimals) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(TranscriptWriter.fixed(value, decimals));
    }
}
