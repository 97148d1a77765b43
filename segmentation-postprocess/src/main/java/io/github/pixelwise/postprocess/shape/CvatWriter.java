package io.github.pixelwise.postprocess.shape;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Writes "CVAT for images 1.1", XML for several pictures in one file, to correct shapes by hand.
 * Its polygons have no holes, so what lies in a hole has a greater {@code z_order} than the shape
 * around it. Not safe for use by several threads.
 */
public final class CvatWriter implements Closeable {
  private final LabelMap labels;
  private final Xml xml;
  private int pictures;

  /**
   * Begins a file.
   *
   * @param out the stream; not closed
   * @param labels the names of categories
   * @param palette the colors of categories
   * @throws IOException if the stream fails
   */
  public CvatWriter(OutputStream out, LabelMap labels, Palette palette) throws IOException {
    this.labels = labels;
    xml = new Xml(out);
    xml.begin("annotations");
    xml.text("version", "1.1");
    xml.begin("meta");
    xml.begin("task");
    xml.begin("labels");
    for (int category = 0; category < labels.size(); category++) {
      xml.begin("label");
      xml.text("name", labels.name(category));
      xml.text("color", "#%06x".formatted(palette.rgb(category)));
      xml.end();
    }
    xml.end();
    xml.end();
    xml.end();
  }

  /**
   * Adds a picture.
   *
   * @param file the picture's path
   * @param width its width
   * @param height its height
   * @param shapes its shapes; those that lie in holes of others must be among them, or the holes
   *     are filled
   * @throws IOException if the stream fails
   */
  public void add(String file, int width, int height, List<Shape> shapes) throws IOException {
    xml.begin("image", "id", pictures++, "name", file, "width", width, "height", height);
    List<Layer> layers = Layer.fromBelow(shapes);
    for (int order = 0; order < layers.size(); order++) {
      Layer layer = layers.get(order);
      xml.empty(
          "polygon",
          "label",
          labels.name(layer.category()),
          "source",
          "auto",
          "occluded",
          0,
          "points",
          points(layer.border()),
          "z_order",
          order);
    }
    xml.end();
  }

  /**
   * Adds the pictures of another file, as if they were added one by one.
   *
   * @param in the other file, written by this class with the same labels; not closed
   * @throws IOException if a stream fails, or if the file is no XML
   */
  public void addAll(InputStream in) throws IOException {
    try {
      XMLStreamReader reader = Xml.read(in);
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamReader.START_ELEMENT) {
          copy(reader);
        } else if (event == XMLStreamReader.END_ELEMENT && reader.getLocalName().equals("image")) {
          xml.end();
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private void copy(XMLStreamReader reader) throws IOException {
    Object[] attributes = new Object[2 * reader.getAttributeCount()];
    for (int i = 0; i < attributes.length; i += 2) {
      attributes[i] = reader.getAttributeLocalName(i / 2);
      attributes[i + 1] = reader.getAttributeValue(i / 2);
    }
    if (reader.getLocalName().equals("image")) {
      attributes[1] = pictures++; // its id
      xml.begin("image", attributes);
    } else if (reader.getLocalName().equals("polygon")) {
      xml.empty("polygon", attributes);
    }
  }

  private static String points(Ring ring) {
    return IntStream.range(0, ring.size())
        .mapToObj(i -> Xml.number(ring.x(i)) + "," + Xml.number(ring.y(i)))
        .collect(Collectors.joining(";"));
  }

  /** Ends the file, which is incomplete without it. */
  @Override
  public void close() throws IOException {
    xml.end();
    xml.finish();
  }
}
