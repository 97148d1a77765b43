package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.MaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The images of an XML file of "CVAT for images 1.1", and their shapes. */
final class CvatFile {
  /** A shape. The larger its order, the higher it lies. */
  private record Shape(String label, Runs runs, int order, int line) {}

  /** An image, and the shapes on it. */
  static final class Image {
    private final String name;
    private final int width;
    private final int height;
    private final List<Shape> shapes = new ArrayList<>();

    private Image(XMLStreamReader reader) {
      name = XmlInput.attribute(reader, "name");
      width = (int) XmlInput.number(reader, "width");
      height = (int) XmlInput.number(reader, "height");
      if (width < 1 || height < 1 || width > MaskFile.MAX_PIXELS / height) {
        throw new IllegalArgumentException(
            "expected an image of 1 to %d pixels, found %s of %d x %d"
                .formatted(MaskFile.MAX_PIXELS, name, width, height));
      }
    }

    String name() {
      return name;
    }
  }

  private final Path path;
  private final List<Image> images = new ArrayList<>();

  private CvatFile(Path path) {
    this.path = path;
  }

  static CvatFile read(Path path) throws IOException {
    CvatFile file = new CvatFile(path);
    XmlInput.read(path, file::read);
    return file;
  }

  Path path() {
    return path;
  }

  List<Image> images() {
    return images;
  }

  private void read(XMLStreamReader reader) throws XMLStreamException {
    boolean known = false;
    while (reader.hasNext()) {
      if (reader.next() == XMLStreamReader.START_ELEMENT) {
        switch (reader.getLocalName()) {
          case "annotations" -> known = true;
          case "image" -> images.add(new Image(reader));
          case "polygon", "box", "mask", "ellipse", "polyline", "points", "cuboid" ->
              addShape(reader);
          default -> {}
        }
      }
    }
    if (!known || images.isEmpty()) {
      throw new IllegalArgumentException(
          "expected annotations with images; export the task as \"CVAT for images 1.1\"");
    }
  }

  private void addShape(XMLStreamReader reader) {
    int line = reader.getLocation().getLineNumber();
    if (images.isEmpty()) {
      throw new IllegalArgumentException(
          "line %d: the shape is outside an image; export the task as \"CVAT for images 1.1\", not as a video"
              .formatted(line));
    }
    Image image = images.get(images.size() - 1);
    String order = reader.getAttributeValue(null, "z_order");
    String label = XmlInput.attribute(reader, "label");
    try {
      image.shapes.add(
          new Shape(label, runs(reader, image), order == null ? 0 : Integer.parseInt(order), line));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "line %d: the %s, %s, %s".formatted(line, reader.getLocalName(), label, e.getMessage()),
          e);
    }
  }

  private static Runs runs(XMLStreamReader reader, Image image) {
    return switch (reader.getLocalName()) {
      case "polygon" ->
          Runs.polygon(
              numbers(XmlInput.attribute(reader, "points"), "[,;]"), image.width, image.height);
      case "box" -> {
        double left = XmlInput.number(reader, "xtl");
        double top = XmlInput.number(reader, "ytl");
        double right = XmlInput.number(reader, "xbr");
        double bottom = XmlInput.number(reader, "ybr");
        yield Runs.polygon(
            new double[] {left, top, right, top, right, bottom, left, bottom},
            image.width,
            image.height);
      }
      case "mask" -> mask(reader, image);
      default ->
          throw new IllegalArgumentException("has no area; only polygon, box, and mask are read");
    };
  }

  /** Run lengths within a box, row by row, which begin with pixels outside. */
  private static Runs mask(XMLStreamReader reader, Image image) {
    int left = (int) XmlInput.number(reader, "left");
    int top = (int) XmlInput.number(reader, "top");
    int width = (int) XmlInput.number(reader, "width");
    int height = (int) XmlInput.number(reader, "height");
    if (left < 0
        || top < 0
        || width < 1
        || height < 1
        || left > image.width - width
        || top > image.height - height) {
      throw new IllegalArgumentException("has a box that is not within the image");
    }
    boolean[] inside = new boolean[width * height];
    int at = 0;
    boolean filled = false;
    for (double count : numbers(XmlInput.attribute(reader, "rle"), ",")) {
      if (!(count >= 0 && count <= inside.length - at)) {
        throw new IllegalArgumentException("has run lengths that are not those of its box");
      }
      Arrays.fill(inside, at, at + (int) count, filled);
      at += (int) count;
      filled = !filled;
    }
    return Runs.box(inside, left, top, width, image.height);
  }

  private static double[] numbers(String text, String separator) {
    try {
      return Arrays.stream(text.split(separator, -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("has numbers that are broken: " + e.getMessage(), e);
    }
  }

  /** The mask of an image. */
  Truth truth(Image image, ClassRules rules, int background) {
    return new Truth() {
      @Override
      public Path file() {
        return path;
      }

      @Override
      public CategoryMask read() throws IOException {
        Shapes shapes = new Shapes(path, image.width, image.height);
        List<Shape> fromBelow = new ArrayList<>(image.shapes);
        fromBelow.sort(Comparator.comparingInt(Shape::order));
        for (Shape shape : fromBelow) {
          shapes.add(
              shape.runs, rules.category(path, shape.label, "the shape in line " + shape.line));
        }
        return shapes.paint(background);
      }
    };
  }
}
