package org.omniscribe.app.desktop.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.asr.transcript.Segment;
import org.omniscribe.asr.transcript.Transcript;

/**
 * A transcript as a document for word processors: a title, and for each segment a paragraph with its time before it.
 *
 * <p>The least that Office Open XML asks for (ECMA-376, part 1, sections 11.2 and 17; packages: part 2).
 */
final class WordDocument {
    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private static final String FORMATS = "http://schemas.openxmlformats.org/";

    private static final String TYPES = HEAD + "<Types xmlns=\"" + FORMATS + "package/2006/content-types\">"
            + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
            + "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument"
            + ".wordprocessingml.document.main+xml\"/></Types>";

    private static final String RELATIONSHIPS = HEAD + "<Relationships xmlns=\"" + FORMATS
            + "package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"" + FORMATS
            + "officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";

    private static final String TITLE = "<w:b/><w:sz w:val=\"36\"/>";
    private static final String TIME = "<w:color w:val=\"808080\"/><w:sz w:val=\"18\"/>";
    private static final String TEXT = "<w:sz w:val=\"24\"/>";
    private static final String BETWEEN = "<w:pPr><w:spacing w:after=\"160\"/></w:pPr>";

    private WordDocument() {}

    /** The bytes of the file; the same for the same transcript. */
    static byte[] of(Transcript transcript) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "[Content_Types].xml", TYPES);
            add(zip, "_rels/.rels", RELATIONSHIPS);
            add(zip, "word/document.xml", document(transcript));
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written", e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, String content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private static String document(Transcript transcript) {
        StringBuilder xml = new StringBuilder(HEAD)
                .append("<w:document xmlns:w=\"")
                .append(FORMATS)
                .append("wordprocessingml/2006/main\"><w:body><w:p>")
                .append(BETWEEN);
        run(xml, TITLE, transcript.file());
        xml.append("</w:p>");
        for (Segment segment : transcript.segments()) {
            xml.append("<w:p>").append(BETWEEN);
            run(xml, TIME, Figures.clock(segment.start()) + "   ");
            run(xml, TEXT, segment.text());
            xml.append("</w:p>");
        }
        return xml.append("</w:body></w:document>").toString();
    }

    private static void run(StringBuilder xml, String look, String text) {
        xml.append("<w:r><w:rPr>").append(look).append("</w:rPr><w:t xml:space=\"preserve\">");
        text.codePoints().filter(WordDocument::allowed).forEach(c -> {
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                default -> xml.appendCodePoint(c);
            }
        });
        xml.append("</w:t></w:r>");
    }

    /** What XML 1.0 allows (section 2.2, Char). */
    private static boolean allowed(int c) {
        return c == '\t' || c >= ' ' && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x10000;
    }
}
