package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads XML files. Nothing outside them is read, whatever they refer to. */
final class XmlInput {
  private XmlInput() {}

  /** Uses a reader at the beginning of a file. */
  @FunctionalInterface
  interface Content {
    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException if the file is not what it should be; the message completes
     *     the sentence that begins with its name
     */
    void read(XMLStreamReader reader) throws XMLStreamException, IOException;
  }

  static void read(Path file, Content content) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try (InputStream in = Files.newInputStream(file)) {
      content.read(factory.createXMLStreamReader(in));
    } catch (XMLStreamException e) {
      throw new IOException("%s is no valid XML file: %s".formatted(file, Reason.firstLine(e)), e);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * An attribute of the element that a reader is at.
   *
   * @throws IllegalArgumentException if there is none
   */
  static String attribute(XMLStreamReader reader, String name) {
    String value = reader.getAttributeValue(null, name);
    if (value == null) {
      throw new IllegalArgumentException(
          "line %d: the element %s has no attribute %s"
              .formatted(reader.getLocation().getLineNumber(), reader.getLocalName(), name));
    }
    return value;
  }

  /**
   * An attribute that is a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  static double number(XMLStreamReader reader, String name) {
    String value = attribute(reader, name);
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "line %d: the attribute %s should be a number, found \"%s\""
              .formatted(reader.getLocation().getLineNumber(), name, value),
          e);
    }
  }
}
