package io.github.pixelwise.internal.card;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.ResizeMode;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The file form of a model card. {@code docs/model-card.md} describes its keys. */
public final class CardFormat {
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(?:\\s*x\\s*(\\d{1,6}))?");
  private static final Pattern COLOR = Pattern.compile("#([0-9a-fA-F]{6})");

  private CardFormat() {}

  /** Reads a card from a file. */
  public static ModelCard read(Path card) throws IOException {
    try (InputStream in = Files.newInputStream(card)) {
      return read(card.toString(), in, card.toUri().toURL());
    } catch (FileSystemException e) {
      throw new IOException(card + ": " + Reason.of(e) + "; expected a model card", e);
    }
  }

  /** Reads a card from a resource. */
  public static ModelCard read(URL card) throws IOException {
    try (InputStream in = card.openStream()) {
      return read(card.toString(), in, card);
    }
  }

  private static ModelCard read(String card, InputStream in, URL base) throws IOException {
    CardKeys keys = CardKeys.read(card, in);
    String name = keys.name("name", "the model's name");
    String description = keys.text("description");
    String license = keys.text("license");
    String source = keys.text("source");
    List<ModelFile> files = files(keys, base);
    InputSpec input = input(keys);
    OutputSpec output = output(keys);
    LabelMap named = labels(keys);
    Palette colors = palette(keys, named);
    keys.requireNoOthers();
    boolean restIsUnnamed = output.kind().isBinary() && named.size() == 1;
    return keys.check(
        "output.kind, labels",
        () ->
            ModelCard.builder(name, input, output, restIsUnnamed ? withBackground(named) : named)
                .description(description)
                .license(license)
                .source(source)
                .files(files)
                .palette(restIsUnnamed ? withBlack(colors) : colors)
                .build());
  }

  private static List<ModelFile> files(CardKeys keys, URL base) throws IOException {
    String expected = "the name of a file beside the card";
    List<ModelFile> files = new ArrayList<>();
    for (String format : keys.formats()) {
      String key = "file." + format;
      URI location = keys.required(key, expected, value -> resolve(base, value));
      Optional<String> hash =
          keys.optional(key + ".sha256", "64 hexadecimal digits", CardFormat::parseHash);
      files.add(new ModelFile(new ModelFormat(format), location, hash));
    }
    if (files.isEmpty()) {
      throw keys.missing("file.onnx", expected);
    }
    return files;
  }

  private static InputSpec input(CardKeys keys) throws IOException {
    InputSpec.Builder input =
        InputSpec.builder(
                keys.name("input.name", "the input's name in the model file"), sizeRule(keys))
            .layout(keys.word("input.layout", TensorLayout.NCHW))
            .channelOrder(keys.word("input.channels", ChannelOrder.RGB))
            .resize(keys.word("input.resize", ResizeMode.STRETCH))
            .interpolation(keys.word("input.interpolation", Interpolation.BILINEAR));
    normalization(keys, input);
    keys.optional("input.crop", "W x H", CardFormat::parseSides)
        .ifPresent(crop -> input.crop(crop.width(), crop.height()));
    keys.optional("input.padding", "a sample, 0 to 255", value -> within(value, 0, 255))
        .ifPresent(input::padding);
    keys.optional("input.preprocessor", "the name of a preprocessor", CardFormat::word)
        .ifPresent(input::preprocessor);
    return input.build();
  }

  private static void normalization(CardKeys keys, InputSpec.Builder input) throws IOException {
    double scale =
        keys.optional("input.scale", "a number above 0", CardFormat::positive).orElse(1 / 255.0);
    double[] mean =
        keys.optional(
                "input.mean", "three numbers", value -> three(value, -Double.MAX_VALUE, "finite"))
            .orElse(new double[3]);
    double[] std =
        keys.optional(
                "input.std",
                "three numbers above 0",
                value -> three(value, Double.MIN_VALUE, "above 0"))
            .orElse(new double[] {1, 1, 1});
    keys.check(
        "input.scale, input.mean, input.std",
        () -> {
          new Normalization(scale, boxed(mean), boxed(std)).requireOneRange("input.");
          return input.scale(scale).mean(mean).std(std);
        });
  }

  private static List<Double> boxed(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static SizeRule sizeRule(CardKeys keys) throws IOException {
    SizeRule size =
        keys.required(
            "input.size",
            "\"fixed W x H\", \"long-edge N\" or \"short-edge N\"",
            CardFormat::parseSize);
    int multiple =
        keys.optional("input.multiple", "a whole number of at least 1", v -> whole(v, 1)).orElse(1);
    int remainder =
        keys.optional("input.remainder", "a whole number below input.multiple", v -> whole(v, 0))
            .orElse(0);
    SizeRule.Rounding rounding = keys.word("input.rounding", SizeRule.Rounding.NEAREST);
    return keys.check(
        "input.multiple, input.remainder",
        () -> size.withMultiple(multiple, remainder).withRounding(rounding));
  }

  private static OutputSpec output(CardKeys keys) throws IOException {
    return OutputSpec.logits(
            keys.name("output.name", "the output's name in the model file"),
            keys.optional("output.stride", "a whole number, 0 if not known", v -> whole(v, 0))
                .orElse(1))
        .withLayout(keys.word("output.layout", TensorLayout.NCHW))
        .withKind(keys.word("output.kind", OutputKind.LOGITS))
        .withAlignment(keys.word("output.alignment", GridAlignment.HALF_PIXEL))
        .withThreshold(
            keys.optional(
                    "output.threshold",
                    "a number above 0, at most 1",
                    v -> within(v, Double.MIN_VALUE, 1))
                .orElse(0.5));
  }

  private static LabelMap labels(CardKeys keys) throws IOException {
    LabelMap labels =
        keys.required("labels", "a data set or a list of names", CardFormat::parseLabels);
    Optional<Integer> ignored =
        keys.optional(
            "ignore-index", "a whole number beyond the classes, at most 65535", v -> whole(v, 1));
    return ignored.isPresent()
        ? keys.check("ignore-index", () -> LabelMap.of(labels.names(), ignored.get()))
        : labels;
  }

  private static Palette palette(CardKeys keys, LabelMap labels) throws IOException {
    Palette palette =
        keys.optional("palette", "a data set or a list of colors #rrggbb", CardFormat::parsePalette)
            .orElse(Palette.voc());
    if (colors(palette) < labels.size()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "%s: the palette has %d colors for %d labels; the other labels get PASCAL VOC's"
              .formatted(keys.card(), colors(palette), labels.size()));
    }
    return palette;
  }

  private static LabelMap withBackground(LabelMap one) {
    return LabelMap.of(List.of("background", one.name(0)), one.ignoreIndex());
  }

  private static Palette withBlack(Palette colors) {
    return colors instanceof ListPalette list && list.colors().size() == 1
        ? Palette.of(List.of(0, list.colors().get(0)))
        : colors;
  }

  /** How cards spell a kind of output. */
  public static String word(OutputKind kind) {
    return CardKeys.word(kind);
  }

  /** The address of a file beside another one. */
  public static URI resolve(URL base, String file) {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("the name is empty");
    }
    try {
      // Escapes spaces, umlauts and what else may not stand in an address. The leading slash keeps
      // a
      // colon from ending a scheme.
      String escaped = new URI(null, null, "/" + file, null).toASCIIString();
      return new URL(base, file.startsWith("/") ? escaped.substring(1) : "." + escaped).toURI();
    } catch (MalformedURLException | URISyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String parseHash(String value) {
    return new ModelFile(ModelFormat.ONNX, URI.create("file:/"), Optional.of(value))
        .sha256()
        .orElseThrow();
  }

  private static String word(String value) {
    if (!value.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException("lower-case letters, digits and hyphens");
    }
    return value;
  }

  private static SizeRule parseSides(String value) {
    Matcher size = SIZE.matcher(value);
    if (!size.matches() || size.group(2) == null) {
      throw new IllegalArgumentException();
    }
    return SizeRule.crop(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
  }

  /**
   * Understands an input's size.
   *
   * @throws IllegalArgumentException if it is none
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

  private static SizeRule edge(SizeRule rule, boolean twoSides) {
    if (twoSides) {
      throw new IllegalArgumentException("an edge has one length");
    }
    return rule;
  }

  private static double positive(String value) {
    double number = CardKeys.number(value);
    if (!(number > 0) || Double.isInfinite(number)) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  private static double within(String value, double low, double high) {
    double number = CardKeys.number(value);
    if (!(number >= low && number <= high)) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  private static int whole(String value, int least) {
    int number = Integer.parseInt(value);
    if (number < least) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  private static double[] three(String value, double least, String what) {
    double[] numbers = CardKeys.list(value).stream().mapToDouble(CardKeys::number).toArray();
    if (numbers.length != 3) {
      throw new IllegalArgumentException("there are " + numbers.length);
    }
    if (!Arrays.stream(numbers).allMatch(n -> n >= least && n <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("not all are " + what);
    }
    return numbers;
  }

  private static Optional<BuiltInLabels> builtIn(String value) {
    return BuiltInLabels.ALL.stream()
        .filter(set -> set.cardName.equalsIgnoreCase(value))
        .findFirst();
  }

  /**
   * Reads the names of classes as they stand on a card: a data set, or names with commas between.
   *
   * @throws IllegalArgumentException if there is none, or one twice
   */
  public static LabelMap parseLabels(String value) {
    return builtIn(value)
        .map(BuiltInLabels::labels)
        .orElseGet(() -> LabelMap.of(CardKeys.list(value)));
  }

  /**
   * Reads colors as they stand on a card: a data set, or {@code #rrggbb} with commas between.
   *
   * @param labels how many labels need a color; VOC's palette has one for any
   * @throws IllegalArgumentException if one is no color, or there are too few
   */
  public static Palette parsePalette(String value, int labels) {
    Palette palette = parsePalette(value);
    if (colors(palette) < labels) {
      throw new IllegalArgumentException(
          "%d labels need a color each, there are %d".formatted(labels, colors(palette)));
    }
    return palette;
  }

  private static Palette parsePalette(String value) {
    return builtIn(value)
        .map(BuiltInLabels::palette)
        .orElseGet(
            () -> Palette.of(CardKeys.list(value).stream().map(CardFormat::parseColor).toList()));
  }

  /** How many labels a palette has a color of its own for. */
  private static int colors(Palette palette) {
    return palette instanceof ListPalette list && !palette.equals(Palette.voc())
        ? list.colors().size()
        : Integer.MAX_VALUE;
  }

  private static int parseColor(String value) {
    Matcher color = COLOR.matcher(value);
    if (!color.matches()) {
      throw new IllegalArgumentException("not a color: " + value);
    }
    return Integer.parseInt(color.group(1), 16);
  }

  /** Writes a card. */
  public static void write(ModelCard model, Path card) throws IOException {
    Map<String, String> values = describe(model);
    for (ModelFile file : model.files()) {
      String key = "file." + file.format();
      values.put(key, relative(card, file));
      file.sha256().ifPresent(hash -> values.put(key + ".sha256", hash));
    }
    values.forEach(CardFormat::requireOneLine);
    AtomicFile.write(
        card,
        out -> {
          for (Map.Entry<String, String> entry : values.entrySet()) {
            String line = entry.getKey() + " = " + entry.getValue().replace("\\", "\\\\") + "\n";
            out.write(line.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** A card's keys and values, but for its files. */
  public static Map<String, String> describe(ModelCard model) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("name", model.name());
    values.put("description", model.description());
    values.put("license", model.license());
    values.put("source", model.source());
    InputSpec input = model.input();
    SizeRule size = input.size();
    values.put("input.name", input.name());
    values.put("input.layout", CardKeys.word(input.layout()));
    values.put("input.channels", CardKeys.word(input.channelOrder()));
    values.put("input.scale", Double.toString(input.scale()));
    values.put("input.mean", join(input.mean()));
    values.put("input.std", join(input.std()));
    values.put(
        "input.size",
        CardKeys.word(size.kind())
            + " "
            + size.width()
            + (size.kind() == SizeRule.Kind.FIXED ? " x " + size.height() : ""));
    values.put("input.multiple", Integer.toString(size.multiple()));
    values.put("input.remainder", Integer.toString(size.remainder()));
    values.put("input.rounding", CardKeys.word(size.rounding()));
    values.put("input.resize", CardKeys.word(input.resize()));
    input.crop().ifPresent(c -> values.put("input.crop", c.width() + " x " + c.height()));
    values.put("input.interpolation", CardKeys.word(input.interpolation()));
    values.put("input.padding", Double.toString(input.padding()));
    input.preprocessor().ifPresent(name -> values.put("input.preprocessor", name));
    OutputSpec output = model.output();
    values.put("output.name", output.name());
    values.put("output.layout", CardKeys.word(output.layout()));
    values.put("output.kind", CardKeys.word(output.kind()));
    values.put("output.stride", Integer.toString(output.stride()));
    values.put("output.alignment", CardKeys.word(output.alignment()));
    values.put("output.threshold", Double.toString(output.threshold()));
    values.put("labels", labels(model.labels()));
    values.put("ignore-index", Integer.toString(model.labels().ignoreIndex()));
    values.put("palette", palette(model.palette(), model.labels().size()));
    return values;
  }

  private static void requireOneLine(String key, String value) {
    if (!value.equals(value.strip()) || value.contains("\n") || value.contains("\r")) {
      throw new IllegalArgumentException(
          "a card's %s is one line without outer spaces, found \"%s\"".formatted(key, value));
    }
  }

  private static String relative(Path card, ModelFile file) {
    Path folder = card.toAbsolutePath().normalize().getParent();
    if (folder != null && "file".equals(file.location().getScheme())) {
      Path path = Path.of(file.location()).normalize();
      if (path.startsWith(folder)) {
        return folder.relativize(path).toString().replace(File.separatorChar, '/');
      }
    }
    throw new IllegalArgumentException(
        "the card %s must lie in a folder above its model's files, found %s"
            .formatted(card, file.location()));
  }

  private static String labels(LabelMap labels) {
    for (BuiltInLabels set : BuiltInLabels.ALL) {
      if (set.labels().names().equals(labels.names())) {
        return set.cardName;
      }
    }
    for (String name : labels.names()) {
      if (name.contains(",") || !name.equals(name.strip())) {
        throw new IllegalArgumentException(
            "a card's labels have no commas or outer spaces, found \"" + name + "\"");
      }
    }
    if (labels.size() == 1 && builtIn(labels.name(0)).isPresent()) {
      throw new IllegalArgumentException(
          "a card would take the only label \"" + labels.name(0) + "\" for a data set");
    }
    return String.join(", ", labels.names());
  }

  private static String palette(Palette palette, int labels) {
    for (BuiltInLabels set : BuiltInLabels.ALL) {
      if (set.palette().equals(palette)) {
        return set.cardName;
      }
    }
    if (palette instanceof ListPalette list) {
      return IntStream.range(0, Math.max(labels, list.colors().size()))
          .mapToObj(category -> "#%06x".formatted(list.rgb(category)))
          .collect(Collectors.joining(", "));
    }
    throw new IllegalArgumentException(
        "a card's palette is a built-in one or made by Palette.of, found " + palette);
  }

  private static String join(List<Double> numbers) {
    return numbers.stream().map(n -> Double.toString(n)).collect(Collectors.joining(", "));
  }
}
