package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An SVG file whose groups are classes: a group's title is the class of its paths. Later paths lie
 * above earlier ones. Paths consist of straight lines, and are filled by SVG's rule {@code nonzero}
 * unless the file says {@code evenodd}.
 *
 * @param file the file
 * @param rules the classes of titles
 * @param background the class of pixels in no path
 */
record SvgTruth(Path file, ClassRules rules, int background) implements Truth {
  private static final Pattern RULE = Pattern.compile("fill-rule\\s*:\\s*(\\w+)");

  /** A group that is open. Its title is empty if it has none. */
  private record Group(String title, boolean isEvenOdd) {}

  @Override
  public CategoryMask read() throws IOException {
    CategoryMask[] mask = new CategoryMask[1];
    XmlInput.read(file, reader -> mask[0] = paint(reader));
    return mask[0];
  }

  private CategoryMask paint(XMLStreamReader reader) throws XMLStreamException, IOException {
    Shapes shapes = null;
    Deque<Group> groups = new ArrayDeque<>();
    groups.push(new Group("", false)); // around all
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamReader.START_ELEMENT) {
        if (reader.getAttributeValue(null, "transform") != null) {
          throw new IllegalArgumentException(
              "line %d: it has a transform, which is not read; save the file with its transforms applied"
                  .formatted(reader.getLocation().getLineNumber()));
        }
        switch (reader.getLocalName()) {
          case "svg" -> {
            shapes = canvas(reader);
            groups.push(new Group("", isEvenOdd(reader, groups)));
          }
          case "g" -> groups.push(new Group("", isEvenOdd(reader, groups)));
          case "title" -> {
            Group group = groups.pop();
            groups.push(
                groups.size() < 2 // the title of the whole file
                    ? group
                    : new Group(reader.getElementText().strip(), group.isEvenOdd));
          }
          case "path" -> {
            if (shapes == null) {
              throw new IllegalArgumentException("it is no SVG file");
            }
            add(shapes, reader, groups);
          }
          default -> {}
        }
      } else if (event == XMLStreamReader.END_ELEMENT && reader.getLocalName().equals("g")) {
        groups.pop();
      }
    }
    if (shapes == null) {
      throw new IllegalArgumentException("it is no SVG file");
    }
    return shapes.paint(background);
  }

  private Shapes canvas(XMLStreamReader reader) throws IOException {
    String[] box = XmlInput.attribute(reader, "viewBox").strip().split("[\\s,]+", -1);
    if (box.length != 4 || !box[0].equals("0") || !box[1].equals("0")) {
      throw new IllegalArgumentException(
          "the viewBox should be \"0 0 WIDTH HEIGHT\", in pixels of the photograph, found \"%s\""
              .formatted(String.join(" ", box)));
    }
    return new Shapes(file, Long.parseLong(box[2]), Long.parseLong(box[3]));
  }

  private void add(Shapes shapes, XMLStreamReader reader, Deque<Group> groups) throws IOException {
    int line = reader.getLocation().getLineNumber();
    String place = "the path in line " + line;
    String title = groups.element().title;
    if (title.isEmpty()) {
      throw new IllegalArgumentException(
          place + " is in no group with a title, which would be its class");
    }
    int category = rules.category(file, title, place);
    try {
      shapes.add(
          Runs.polygon(
              rings(XmlInput.attribute(reader, "d")),
              shapes.width(),
              shapes.height(),
              isEvenOdd(reader, groups)),
          category);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + " " + e.getMessage(), e);
    }
  }

  /** The rule of an element, which is that of the group around it if it says nothing. */
  private static boolean isEvenOdd(XMLStreamReader reader, Deque<Group> groups) {
    String style = reader.getAttributeValue(null, "style");
    Matcher inStyle = RULE.matcher(style == null ? "" : style);
    String rule = inStyle.find() ? inStyle.group(1) : reader.getAttributeValue(null, "fill-rule");
    boolean isInherited = rule == null || rule.equals("inherit");
    return isInherited ? groups.element().isEvenOdd : "evenodd".equals(rule);
  }

  /** The rings of a path of the commands M, L, H, V, and Z, absolute or relative. */
  private static List<double[]> rings(String path) {
    List<double[]> rings = new ArrayList<>();
    List<Double> ring = new ArrayList<>();
    String[] tokens =
        path.replaceAll("([A-Za-z])", " $1 ").replace(',', ' ').strip().split("\\s+", -1);
    double x = 0;
    double y = 0;
    char command = 'M';
    for (int i = 0; i < tokens.length; ) {
      if (Character.isLetter(tokens[i].charAt(0))) {
        command = tokens[i++].charAt(0);
        if (command == 'M' || command == 'm' || command == 'Z' || command == 'z') {
          finish(ring, rings);
          if (command == 'z' || command == 'Z') {
            continue;
          }
        }
      }
      boolean relative = Character.isLowerCase(command);
      switch (Character.toUpperCase(command)) {
        case 'M', 'L' -> {
          x = (relative ? x : 0) + number(tokens, i++);
          y = (relative ? y : 0) + number(tokens, i++);
        }
        case 'H' -> x = (relative ? x : 0) + number(tokens, i++);
        case 'V' -> y = (relative ? y : 0) + number(tokens, i++);
        default ->
            throw new IllegalArgumentException(
                "has the command %s; only straight lines (M, L, H, V, and Z) are read"
                    .formatted(command));
      }
      ring.add(x);
      ring.add(y);
    }
    finish(ring, rings);
    return rings;
  }

  private static void finish(List<Double> ring, List<double[]> rings) {
    if (!ring.isEmpty()) {
      rings.add(ring.stream().mapToDouble(Double::doubleValue).toArray());
      ring.clear();
    }
  }

  private static double number(String[] tokens, int index) {
    try {
      return Double.parseDouble(tokens[index]);
    } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException("has a command without its coordinates", e);
    }
  }
}
