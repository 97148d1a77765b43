package io.github.pixelwise.internal.card;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes model cards. {@code docs/model-card.md} describes their keys. */
public final class CardWriter {
  private CardWriter() {}

  /** Writes a card. */
  public static void write(ModelCard model, Path card) throws IOException {
    Map<String, String> values = describe(model);
    for (ModelFile file : model.files()) {
      String key = "file." + file.format();
      values.put(key, relative(card, file));
      file.sha256().ifPresent(hash -> values.put(key + ".sha256", hash));
    }
    values.forEach(CardWriter::requireOneLine);
    AtomicFile.write(
        card,
        out -> {
          for (Map.Entry<String, String> entry : values.entrySet()) {
            String line = entry.getKey() + " = " + entry.getValue().replace("\\", "\\\\") + "\n";
            out.write(line.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** A card's keys and values, without those of its files. */
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
    values.put(
        "input.scale",
        input.scaledByMaximum() ? CardValues.BY_MAXIMUM : Double.toString(input.scale()));
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
    input.crop().ifPresent(crop -> putCrop(crop, values));
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
    if (output.minMax()) {
      values.put("output.normalize", "min-max");
    }
    if (output.interpolation() == Interpolation.LANCZOS) {
      values.put("output.interpolation", "lanczos");
    }
    if (output.softEdge()) {
      values.put("output.edge", "soft");
    }
    values.put("labels", labels(model.labels()));
    values.put("ignore-index", Integer.toString(model.labels().ignoreIndex()));
    values.put("palette", palette(model.palette(), model.labels().size()));
    return values;
  }

  private static void putCrop(SizeRule crop, Map<String, String> values) {
    values.put("input.crop", crop.width() + " x " + crop.height());
    if (crop.rounding() != SizeRule.Rounding.NEAREST) {
      values.put("input.crop.rounding", CardKeys.word(crop.rounding()));
    }
  }

  private static void requireOneLine(String key, String value) {
    if (!value.equals(value.strip()) || value.contains("\n") || value.contains("\r")) {
      throw new IllegalArgumentException(
          "a card's %s must be one line without leading or trailing spaces, found \"%s\""
              .formatted(key, value));
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
        "the card %s must be in the folder of its model's files or above it, found %s"
            .formatted(card, file.location()));
  }

  private static String labels(LabelMap labels) {
    for (BuiltInLabels set : BuiltInLabels.ALL) {
      if (set.labels().names().equals(labels.names())) {
        return set.cardName;
      }
    }
    if (labels.size() == 1 && CardValues.builtIn(labels.name(0)).isPresent()) {
      throw new IllegalArgumentException(
          "a card's only label must not be the name of a data set, found \""
              + labels.name(0)
              + "\"");
    }
    return CardValues.format(labels.names());
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
        "a card's palette must be built-in or made by Palette.of, found " + palette);
  }

  private static String join(List<Double> numbers) {
    return numbers.stream().map(n -> Double.toString(n)).collect(Collectors.joining(", "));
  }
}
