package io.github.pixelwise.internal.card;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the card for what users open: the card itself, its folder, or a network beside it. */
public final class CardFinder {
  private static final String CARD = ".properties";
  private static final Set<String> CHECKPOINTS =
      Set.of(".pth", ".pth.tar", ".ckpt", ".safetensors", ".bin");

  private CardFinder() {}

  /**
   * Reads the card.
   *
   * @throws IOException if there is no card, or it is wrong; the message says what to do
   */
  public static ModelCard read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return CardReader.read(onlyCard(path));
    }
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    Optional<ModelFormat> format = BareModel.format(path);
    if (format.isPresent()) {
      return ofNetwork(path, format.get());
    }
    if (Files.exists(path) && CHECKPOINTS.stream().anyMatch(name::endsWith)) {
      throw new IOException(
          path
              + ": this looks like a checkpoint, which holds weights without a network. Convert "
              + "it with 'segment models convert', or with Conversion in pixelwise-networks");
    }
    if (Files.exists(path) && name.endsWith(".tflite")) {
      throw new IOException(
          "%s: this is a TensorFlow Lite file. Convert it first: 'segment models convert %1$s', or TfLiteModel and Conversion in pixelwise-networks"
              .formatted(path));
    }
    if (Files.exists(path) && !name.endsWith(CARD)) {
      throw new IOException(
          path
              + ": to open a model, name its card (*.properties), the folder that holds the card, "
              + "or its network (.onnx, .pt, .torchscript) beside the card");
    }
    return CardReader.read(path);
  }

  private static Path onlyCard(Path folder) throws IOException {
    List<Path> cards = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + CARD)) {
      files.forEach(cards::add);
    }
    Collections.sort(cards);
    if (cards.size() == 1) {
      return cards.get(0);
    }
    String found =
        cards.isEmpty() ? "none" : String.join(", ", cards.stream().map(Path::toString).toList());
    throw new IOException(
        "%s: a model folder must contain exactly one model card (*%s), found %s. %s"
            .formatted(folder, CARD, found, advice(folder, cards)));
  }

  private static String advice(Path folder, List<Path> cards) {
    if (!cards.isEmpty()) {
      return "Name one of them.";
    }
    return Files.exists(folder.resolve("config.json"))
        ? "To open a Hugging Face model folder, use HuggingFaceFolder.read(folder) from "
            + "pixelwise-zoo."
        : "See docs/model-card.md for how to write one; this is not a Hugging Face model folder, "
            + "which would contain a config.json.";
  }

  /** The card of the same name that names this file, reduced to this format. */
  private static ModelCard ofNetwork(Path network, ModelFormat format) throws IOException {
    String name = String.valueOf(network.getFileName());
    String base = name.substring(0, name.lastIndexOf('.'));
    Path card = network.resolveSibling(base + CARD);
    if (!Files.exists(network)) {
      throw new IOException(network + ": there is no such file");
    }
    if (!Files.exists(card)) {
      throw new IOException(
          ("%s: a network needs a model card, and there is no %s beside it. Write one with name, "
                  + "%s = %s, input.name, input.size, output.name and labels "
                  + "(docs/model-card.md), or call model(Path, InputSpec) with the file and a "
                  + "description of its input")
              .formatted(network, card.getFileName(), "file." + format, name));
    }
    ModelCard model = CardReader.read(card);
    ModelFile file =
        model.files().stream()
            .filter(candidate -> isAt(candidate, network))
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "%s: the card beside it, %s, names other files: %s. Open the card, or add this file to it"
                            .formatted(
                                network,
                                card,
                                model.files().stream().map(f -> Path.of(f.location())).toList())));
    return model.toBuilder().files(List.of(file)).build();
  }

  private static boolean isAt(ModelFile file, Path path) {
    return Path.of(file.location()).normalize().equals(path.toAbsolutePath().normalize());
  }
}
