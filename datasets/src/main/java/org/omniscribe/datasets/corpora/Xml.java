package org.omniscribe.datasets.corpora;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.datasets.Problems;

/** Reads XML of unknown origin: no document types, no entities but the five of XML itself, nothing from elsewhere. */
final class Xml {
    static final String NITE = "http://nite.sourceforge.net/";

    private static final Pattern ENCODING =
            Pattern.compile("^(?:\u00ef\u00bb\u00bf)?<\\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']");

    private Xml() {}

    /**
     * Goes through a file; damage is a fault.
     *
     * @param start called at every start tag with its local name; it may read the element's text
     */
    static void read(Path file, Problems problems, BiConsumer<String, XMLStreamReader> start) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(decoded(Files.readAllBytes(file))));
            while (reader.hasNext()) {
                if (next(reader) == XMLStreamConstants.START_ELEMENT) {
                    start.accept(reader.getLocalName(), reader);
                }
            }
        } catch (XMLStreamException e) {
            String at =
                    e.getLocation() == null ? "" : " line " + e.getLocation().getLineNumber();
            problems.fault(problems.name(file) + at + " is no sound XML: "
                    + e.getMessage().lines().reduce((a, b) -> b).orElse(""));
        } catch (CharacterCodingException | UnsupportedCharsetException | IllegalCharsetNameException e) {
            problems.fault(problems.name(file) + " is no sound XML: its text is not in the encoding that it names");
        } catch (IOException e) {
            problems.fault(problems.name(file)
                    + (Files.exists(file) ? " cannot be read (" + FailureText.reason(e) + ")" : " does not exist"));
        }
    }

    private static int next(XMLStreamReader reader) throws XMLStreamException {
        try {
            return reader.next();
        } catch (RuntimeException e) {
            // What Java's parser does where a file ends inside of a CDATA section.
            throw new XMLStreamException("the file ends too early", reader.getLocation(), e);
        }
    }

    /** The text of a file. The parser could decode it itself, but prints to standard error where that fails. */
    private static String decoded(byte[] bytes) throws CharacterCodingException {
        Charset charset = StandardCharsets.UTF_8;
        if (bytes.length > 1 && (bytes[0] & bytes[1] & 0xff) == 0xfe) {
            charset = StandardCharsets.UTF_16;
        } else {
            String start = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1);
            Matcher named = ENCODING.matcher(start);
            if (named.find()) {
                charset = Charset.forName(named.group(1));
            }
        }
        String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** The text of an element that holds nothing else. */
    static String text(XMLStreamReader reader) {
        try {
            return reader.getElementText().strip();
        } catch (XMLStreamException | RuntimeException e) {
            // The next step through the file meets the damage again, and tells it.
            return "";
        }
    }

    /** A time in seconds; NaN if there is none. */
    static double time(XMLStreamReader reader, String attribute) {
        String value = reader.getAttributeValue(null, attribute);
        try {
            return value == null ? Double.NaN : Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
