package io.github.pixelwise.internal.card;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
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
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads model cards. {@code docs/model-card.md} describes their keys. */
public final class CardReader {
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  private CardReader() {}

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
    keys.check(
        "output.normalize, output.interpolation, output.edge",
        () -> OutputRules.checked(output, input));
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
      URI location = keys.required(key, expected, value -> CardValues.resolve(base, value));
      Optional<String> hash =
          keys.optional(key + ".sha256", "64 hexadecimal digits", CardValues::parseHash);
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
    SizeRule.Rounding margins = keys.word("input.crop.rounding", SizeRule.Rounding.NEAREST);
    keys.optional("input.crop", "W x H", CardValues::parseSides)
        .ifPresent(crop -> input.crop(crop.width(), crop.height(), margins));
    keys.optional("input.padding", "a sample, 0 to 255", value -> CardValues.within(value, 0, 255))
        .ifPresent(input::padding);
    keys.optional("input.preprocessor", "the name of a preprocessor", CardValues::word)
        .ifPresent(input::preprocessor);
    return input.build();
  }

  private static void normalization(CardKeys keys, InputSpec.Builder input) throws IOException {
    String expected = "a number above 0, or 1/maximum";
    boolean byMaximum =
        keys.optional("input.scale", expected, CardValues::isByMaximum).orElse(false);
    double scale =
        byMaximum
            ? 1 / 255.0
            : keys.optional("input.scale", expected, CardValues::positive).orElse(1 / 255.0);
    double[] mean =
        keys.optional(
                "input.mean",
                "three numbers",
                value -> CardValues.three(value, -Double.MAX_VALUE, "finite"))
            .orElse(new double[3]);
    double[] std =
        keys.optional(
                "input.std",
                "three numbers above 0",
                value -> CardValues.three(value, Double.MIN_VALUE, "above 0"))
            .orElse(new double[] {1, 1, 1});
    keys.check(
        "input.scale, input.mean, input.std",
        () -> {
          new Normalization(scale, boxed(mean), boxed(std)).requireOneRange("input.");
          return (byMaximum ? input.scaleByMaximum() : input.scale(scale)).mean(mean).std(std);
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
            CardValues::parseSize);
    int multiple =
        keys.optional("input.multiple", "a whole number of at least 1", v -> CardValues.whole(v, 1))
            .orElse(1);
    int remainder =
        keys.optional(
                "input.remainder",
                "a whole number below input.multiple",
                v -> CardValues.whole(v, 0))
            .orElse(0);
    SizeRule.Rounding rounding = keys.word("input.rounding", SizeRule.Rounding.NEAREST);
    return keys.check(
        "input.multiple, input.remainder",
        () -> size.withMultiple(multiple, remainder).withRounding(rounding));
  }

  private static OutputSpec output(CardKeys keys) throws IOException {
    return OutputSpec.logits(
            keys.name("output.name", "the output's name in the model file"),
            keys.optional(
                    "output.stride", "a whole number, 0 if not known", v -> CardValues.whole(v, 0))
                .orElse(1))
        .withLayout(keys.word("output.layout", TensorLayout.NCHW))
        .withKind(keys.word("output.kind", OutputKind.LOGITS))
        .withAlignment(keys.word("output.alignment", GridAlignment.HALF_PIXEL))
        .withThreshold(
            keys.optional(
                    "output.threshold",
                    "a number above 0, at most 1",
                    v -> CardValues.within(v, Double.MIN_VALUE, 1))
                .orElse(0.5))
        .withMinMax(keys.either("output.normalize", "none", "min-max"))
        .withInterpolation(
            keys.either("output.interpolation", "bilinear", "lanczos")
                ? Interpolation.LANCZOS
                : Interpolation.BILINEAR)
        .withSoftEdge(keys.either("output.edge", "hard", "soft"));
  }

  private static LabelMap labels(CardKeys keys) throws IOException {
    LabelMap labels =
        keys.required("labels", "a data set or a list of names", CardValues::parseLabels);
    Optional<Integer> ignored =
        keys.optional(
            "ignore-index",
            "a whole number beyond the classes, at most 65535",
            v -> CardValues.whole(v, 1));
    return ignored.isPresent()
        ? keys.check("ignore-index", () -> LabelMap.of(labels.names(), ignored.get()))
        : labels;
  }

  private static Palette palette(CardKeys keys, LabelMap labels) throws IOException {
    Palette palette =
        keys.optional("palette", "a data set or a list of colors #rrggbb", CardValues::parsePalette)
            .orElse(Palette.voc());
    if (CardValues.colors(palette) < labels.size()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "%s: the palette has %d colors for %d labels; the other labels get PASCAL VOC's"
              .formatted(keys.card(), CardValues.colors(palette), labels.size()));
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
}
