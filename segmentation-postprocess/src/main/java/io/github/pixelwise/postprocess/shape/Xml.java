package io.github.pixelwise.postprocess.shape;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** Writes elements of XML, one per line. */
final class Xml {
  private final XMLStreamWriter writer;

  /** Writes to a stream, which is not closed. */
  Xml(OutputStream out) throws IOException {
    try {
      writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
      writer.writeStartDocument("UTF-8", "1.0");
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  /** Begins an element with attributes: their names and values in turn. */
  void begin(String name, Object... attributes) throws IOException {
    write(name, false, attributes);
  }

  /** Writes an element without content. */
  void empty(String name, Object... attributes) throws IOException {
    write(name, true, attributes);
  }

  private void write(String name, boolean empty, Object... attributes) throws IOException {
    try {
      writer.writeCharacters("\n");
      if (empty) {
        writer.writeEmptyElement(name);
      } else {
        writer.writeStartElement(name);
      }
      for (int i = 0; i < attributes.length; i += 2) {
        writer.writeAttribute(attributes[i].toString(), attributes[i + 1].toString());
      }
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  /** Writes an element with a text. */
  void text(String name, String text) throws IOException {
    try {
      begin(name);
      writer.writeCharacters(text);
      writer.writeEndElement();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  void end() throws IOException {
    try {
      writer.writeEndElement();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  /** Ends the document and flushes the stream. */
  void finish() throws IOException {
    try {
      writer.writeEndDocument();
      writer.writeCharacters("\n");
      writer.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  /** Reads from a stream, which is not closed, and nothing that the document refers to. */
  static XMLStreamReader read(InputStream in) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    return factory.createXMLStreamReader(in, "UTF-8");
  }

  /** A number without a decimal point if it is an integer. Multiples of 1/64 are exact. */
  static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
