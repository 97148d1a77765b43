package io.github.pixelwise.zoo;

import io.github.pixelwise.InputSpec;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFormat;
import io.github.pixelwise.OutputSpec;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.BuiltInLabels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A segmentation model as Hugging Face publishes it for ONNX: a folder of
 *
 * <ul>
 *   <li>{@code config.json}: the classes, {@code id2label};
 *   <li>{@code preprocessor_config.json}: size, resampling, crop, scale, mean and standard
 *       deviation;
 *   <li>{@code onnx/model.onnx}, or {@code model.onnx}: a network from {@code pixel_values} to
 *       {@code logits}, as transformers and optimum export it;
 *   <li>{@code README.md}, if there is one: the licence.
 * </ul>
 *
 * <p>Keys that the image processor's file has not are what the library transformers takes for them;
 * of processors whose defaults are not known here the file has to say everything. {@code
 * do_reduce_labels} shifts the labels of training data and nothing else, so it is not looked at:
 * {@code id2label} has the network's own classes. A centre crop whose margin is odd lies up to a
 * pixel beside the library's; the mask fits the image all the same.
 */
public final class HuggingFaceFolder {
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final List<String> NETWORKS = List.of("onnx/model.onnx", "model.onnx");

  private record Config(LabelMap labels, String source) {}

  private HuggingFaceFolder() {}

  /**
   * Reads a folder as a model card.
   *
   * @param folder the folder
   * @return the card, of the folder's name; its network is not opened, and its stride not known yet
   * @throws IOException if the folder lacks a file, or a file is wrong: the message names it
   */
  public static ModelDescriptor read(Path folder) throws IOException {
    String network =
        NETWORKS.stream()
            .filter(name -> Files.isRegularFile(folder.resolve(name)))
            .findFirst()
            .orElse(NETWORKS.get(0));
    return read(folder, network);
  }

  /**
   * Reads a folder as a model card, taking another of its networks.
   *
   * @param folder the folder
   * @param network the network's place in it, for example {@code onnx/model_quantized.onnx}
   * @return the card, of the folder's name; its network is not opened, and its stride not known yet
   * @throws IOException if the folder lacks a file, or a file is wrong: the message names it
   */
  public static ModelDescriptor read(Path folder, String network) throws IOException {
    requireFiles(folder, network);
    Config config =
        JsonObject.read(
            folder.resolve(CONFIG),
            json -> new Config(labels(json), json.text("_name_or_path").orElse("")));
    InputSpec input =
        JsonObject.read(
            folder.resolve(PREPROCESSOR), json -> ImageProcessor.input("pixel_values", json));
    return ModelDescriptor.builder(
            String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
            input,
            OutputSpec.logits("logits", 0),
            config.labels())
        .license(license(folder.resolve("README.md")))
        .source(config.source())
        .palette(palette(config.labels()))
        .file(ModelFormat.ONNX, folder.resolve(network))
        .build();
  }

  private static void requireFiles(Path folder, String network) throws IOException {
    List<String> missing =
        Stream.of(CONFIG, PREPROCESSOR, network)
            .filter(name -> !Files.isRegularFile(folder.resolve(name)))
            .toList();
    if (!missing.isEmpty()) {
      throw new IOException(
          "%s: there is no %s; a model as Hugging Face publishes it is a folder of %s, %s and %s"
              .formatted(
                  folder,
                  String.join(", no ", missing),
                  CONFIG,
                  PREPROCESSOR,
                  String.join(" or ", NETWORKS)));
    }
  }

  private static LabelMap labels(JsonObject config) {
    JsonObject id2label = config.object("id2label");
    List<String> names = new ArrayList<>();
    for (int id = 0; id < id2label.keys().size(); id++) {
      String key = Integer.toString(id);
      names.add(
          id2label
              .text(key)
              .orElseThrow(
                  () ->
                      id2label.wrong(
                          key,
                          "a name, as there are %d classes".formatted(id2label.keys().size()))));
    }
    return LabelMap.of(names);
  }

  /** The colours of the data set whose labels these are, up to blanks and other such marks. */
  private static Palette palette(LabelMap labels) {
    return Stream.of(BuiltInLabels.ADE20K, BuiltInLabels.CITYSCAPES, BuiltInLabels.CAMVID)
        .filter(set -> letters(set.labels()).equals(letters(labels)))
        .map(BuiltInLabels::palette)
        .findFirst()
        .orElse(Palette.voc());
  }

  private static List<String> letters(LabelMap labels) {
    return labels.names().stream()
        .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
        .toList();
  }

  /** The line {@code license:} among those between the first two {@code ---}. */
  private static String license(Path readme) throws IOException {
    if (!Files.isRegularFile(readme)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(readme)) {
      List<String> lines =
          new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8).lines().toList();
      if (lines.isEmpty() || !lines.get(0).strip().equals("---")) {
        return "";
      }
      return lines.stream()
          .skip(1)
          .takeWhile(line -> !line.strip().equals("---"))
          .filter(line -> line.startsWith("license:"))
          .map(line -> line.substring("license:".length()).replaceAll("[\"']", "").strip())
          .findFirst()
          .orElse("");
    }
  }
}
