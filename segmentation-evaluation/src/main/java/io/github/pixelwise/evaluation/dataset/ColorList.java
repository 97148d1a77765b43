package io.github.pixelwise.evaluation.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the colors of RGB masks are called.
 *
 * @param colors 0xRRGGBB by name, in the file's order
 */
record ColorList(Map<String, Integer> colors) {
  private static final Pattern HEX = Pattern.compile("(.+?)\\s*=\\s*#(\\p{XDigit}{6})");

  /** The lines of CVAT: name:red,green,blue:parts:actions. */
  private static final Pattern CVAT =
      Pattern.compile("([^:]+):(\\d{1,3}),\\s*(\\d{1,3}),\\s*(\\d{1,3})(?::.*)?");

  /** The lines of CamVid: red green blue name. */
  private static final Pattern CAMVID =
      Pattern.compile("(\\d{1,3})\\s+(\\d{1,3})\\s+(\\d{1,3})\\s+(.+)");

  static ColorList read(Path file) throws IOException {
    return parse(file.toString(), DatasetKeys.text(file));
  }

  /** Understands the text of a file. */
  static ColorList parse(String file, String lines) throws IOException {
    Map<String, Integer> colors = new LinkedHashMap<>();
    Map<Integer, String> names = new LinkedHashMap<>();
    int number = 0;
    for (String text : lines.split("\\R", -1)) {
      number++;
      String line = text.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String where = "%s, line %d: ".formatted(file, number);
      Matcher hex = HEX.matcher(line);
      Matcher cvat = CVAT.matcher(line);
      Matcher camvid = CAMVID.matcher(line);
      String name;
      int color;
      if (hex.matches()) {
        name = hex.group(1);
        color = Integer.parseInt(hex.group(2), 16);
      } else if (cvat.matches()) {
        name = cvat.group(1).strip();
        color = color(where, cvat, 2);
      } else if (camvid.matches()) {
        name = camvid.group(4);
        color = color(where, camvid, 1);
      } else {
        throw new IOException(where + "expected NAME = #rrggbb, found " + line);
      }
      String namesake = names.put(color, name);
      if (namesake != null) {
        throw new IOException(
            "%sthe color #%06x is that of %s already".formatted(where, color, namesake));
      }
      if (colors.put(name, color) != null) {
        throw new IOException(where + name + " has a color already");
      }
    }
    if (colors.isEmpty()) {
      throw new IOException(file + ": the file names no color; write lines NAME = #rrggbb");
    }
    return new ColorList(colors);
  }

  private static int color(String where, Matcher matcher, int group) throws IOException {
    int color = 0;
    for (int i = group; i < group + 3; i++) {
      int channel = Integer.parseInt(matcher.group(i));
      if (channel > 255) {
        throw new IOException(where + "expected colors of 0 to 255, found " + channel);
      }
      color = color << 8 | channel;
    }
    return color;
  }
}
