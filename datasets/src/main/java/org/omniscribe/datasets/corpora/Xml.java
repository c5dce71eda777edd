package org.omniscribe.datasets.corpora;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.omniscribe.datasets.Problems;

/** Reads XML of unknown origin: no document types, no entities but the five of XML itself, nothing from elsewhere. */
final class Xml {
    static final String NITE = "http://nite.sourceforge.net/";

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
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    start.accept(reader.getLocalName(), reader);
                }
            }
        } catch (XMLStreamException e) {
            String at =
                    e.getLocation() == null ? "" : " line " + e.getLocation().getLineNumber();
            problems.fault(problems.name(file) + at + " is no sound XML: "
                    + e.getMessage().lines().reduce((a, b) -> b).orElse(""));
        } catch (IOException e) {
            problems.fault(
                    problems.name(file) + (Files.exists(file) ? " cannot be read (" + e + ")" : " does not exist"));
        }
    }

    /** The text of an element that holds nothing else. */
    static String text(XMLStreamReader reader) {
        try {
            return reader.getElementText().strip();
        } catch (XMLStreamException e) {
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
