package io.github.pixelwise.internal.card;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How values are written on a model card. Error messages follow the value after "found ...". */
public final class CardValues {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(?:\\s*x\\s*(\\d{1,6}))?");
  private static final Pattern COLOR = Pattern.compile("#([0-9a-fA-F]{6})");

  /** The scale of samples that are divided by the highest one of the resized image. */
  static final String BY_MAXIMUM = "1/maximum";

  private CardValues() {}

  /** How cards spell a kind of output. */
  public static String word(OutputKind kind) {
    return CardKeys.word(kind);
  }

  /** The address of a file beside the card. */
  public static URI resolve(URL base, String file) {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("the name is empty");
    }
    try {
      // Escapes spaces, umlauts and whatever else is not allowed in an address. The leading slash
      // keeps a colon from ending a scheme.
      String escaped = new URI(null, null, "/" + file, null).toASCIIString();
      return new URL(base, file.startsWith("/") ? escaped.substring(1) : "." + escaped).toURI();
    } catch (MalformedURLException | URISyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static String parseHash(String value) {
    return new ModelFile(ModelFormat.ONNX, URI.create("file:/"), Optional.of(value))
        .sha256()
        .orElseThrow();
  }

  static String word(String value) {
    if (!value.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("lower-case letters, digits and hyphens");
    }
    return value;
  }

  static SizeRule parseSides(String value) {
    Matcher size = SIZE.matcher(value);
    if (!size.matches() || size.group(2) == null) {
      throw new IllegalArgumentException();
    }
    return SizeRule.crop(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
  }

  /**
   * Parses an input's size.
   *
   * @throws IllegalArgumentException if it is not a size
   */
  public static SizeRule parseSize(String value) {
    String[] parts = value.split("\\s+", 2);
    Matcher size = SIZE.matcher(parts.length == 2 ? parts[1] : "");
    if (!size.matches()) {
      throw new IllegalArgumentException();
    }
    int first = Integer.parseInt(size.group(1));
    boolean twoSides = size.group(2) != null;
    return switch (parts[0].toLowerCase(Locale.ROOT)) {
      case "fixed" -> SizeRule.fixed(first, twoSides ? Integer.parseInt(size.group(2)) : first);
      case "long-edge" -> edge(SizeRule.longEdge(first), twoSides);
      case "short-edge" -> edge(SizeRule.shortEdge(first), twoSides);
      default -> throw new IllegalArgumentException();
    };
  }

  static SizeRule edge(SizeRule rule, boolean twoSides) {
    if (twoSides) {
      throw new IllegalArgumentException("an edge has one length");
    }
    return rule;
  }

  static boolean isByMaximum(String value) {
    return value.replace(" ", "").equalsIgnoreCase(BY_MAXIMUM);
  }

  static double positive(String value) {
    double number = CardKeys.number(value);
    if (!(number > 0) || Double.isInfinite(number)) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  static double within(String value, double low, double high) {
    double number = CardKeys.number(value);
    if (!(number >= low && number <= high)) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  static int whole(String value, int least) {
    int number = Integer.parseInt(value);
    if (number < least) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  static double[] three(String value, double least, String what) {
    double[] numbers = CardKeys.list(value).stream().mapToDouble(CardKeys::number).toArray();
    if (numbers.length != 3) {
      throw new IllegalArgumentException("there are " + numbers.length);
    }
    if (!Arrays.stream(numbers).allMatch(n -> n >= least && n <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("not all are " + what);
    }
    return numbers;
  }

  static Optional<BuiltInLabels> builtIn(String value) {
    return BuiltInLabels.ALL.stream()
        .filter(set -> set.cardName.equalsIgnoreCase(value))
        .findFirst();
  }

  /**
   * Parses class names as written on a card: a data set, or names separated by commas.
   *
   * @throws IllegalArgumentException if there are no names, or one occurs twice
   */
  public static LabelMap parseLabels(String value) {
    return builtIn(value).map(BuiltInLabels::labels).orElseGet(() -> LabelMap.of(names(value)));
  }

  /** Names separated by commas; a comma after a backslash belongs to a name. */
  private static List<String> names(String value) {
    return Arrays.stream(value.split("(?<!\\\\),", -1))
        .map(name -> name.replace("\\,", ",").strip())
        .toList();
  }

  /**
   * Writes names as {@link #parseLabels} reads them.
   *
   * @throws IllegalArgumentException if that is not possible
   */
  static String format(List<String> names) {
    for (String name : names) {
      if (!name.equals(name.strip()) || name.contains("\\,") || name.endsWith("\\")) {
        throw new IllegalArgumentException(
            "labels on a card must not have leading or trailing spaces, or a backslash before a comma or at the end, found \""
                + name
                + "\"");
      }
    }
    return names.stream().map(name -> name.replace(",", "\\,")).collect(Collectors.joining(", "));
  }

  /**
   * Parses colors as written on a card: a data set, or {@code #rrggbb} separated by commas.
   *
   * @param labels how many labels need a color; VOC's palette has one for every label
   * @throws IllegalArgumentException if one is not a color, or there are too few
   */
  public static Palette parsePalette(String value, int labels) {
    Palette palette = parsePalette(value);
    if (colors(palette) < labels) {
      throw new IllegalArgumentException(
          "%d labels need one color each, but there are %d".formatted(labels, colors(palette)));
    }
    return palette;
  }

  static Palette parsePalette(String value) {
    return builtIn(value)
        .map(BuiltInLabels::palette)
        .orElseGet(
            () -> Palette.of(CardKeys.list(value).stream().map(CardValues::parseColor).toList()));
  }

  /** The number of labels for which a palette has its own color. */
  static int colors(Palette palette) {
    return palette instanceof ListPalette list && !palette.equals(Palette.voc())
        ? list.colors().size()
        : Integer.MAX_VALUE;
  }

  static int parseColor(String value) {
    Matcher color = COLOR.matcher(value);
    if (!color.matches()) {
      throw new IllegalArgumentException("not a color: " + value);
    }
    return Integer.parseInt(color.group(1), 16);
  }
}
