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

/** Finds the card of what people open: the card itself, its folder, or a network beside it. */
public final class CardFinder {
  private static final String CARD = ".properties";
  private static final Set<String> CHECKPOINTS =
      Set.of(".pth", ".pth.tar", ".ckpt", ".safetensors", ".bin");

  private CardFinder() {}

  /**
   * Reads the card.
   *
   * @throws IOException if there is none, or it is wrong; the message says what to do
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
              + ": this looks like a checkpoint, which holds weights without a network. Convert it:"
              + " segment models convert, or Conversion of pixelwise-networks");
    }
    if (Files.exists(path) && !name.endsWith(CARD)) {
      throw new IOException(
          path
              + ": a model is opened by its card (*.properties), by the folder that holds the card, or"
              + " by its network (.onnx, .pt, .torchscript) beside the card");
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
        "%s: a folder is opened by the only model card (*%s) in it, found %s. %s"
            .formatted(folder, CARD, found, advice(folder, cards)));
  }

  private static String advice(Path folder, List<Path> cards) {
    if (!cards.isEmpty()) {
      return "Name one of them.";
    }
    return Files.exists(folder.resolve("config.json"))
        ? "A folder as Hugging Face publishes them is read by HuggingFaceFolder.read(folder) of"
            + " pixelwise-zoo."
        : "docs/model-card.md says how to write one; a folder as Hugging Face publishes them would"
            + " hold a config.json.";
  }

  /** The card of the same name that names this file, for this format alone. */
  private static ModelCard ofNetwork(Path network, ModelFormat format) throws IOException {
    String name = String.valueOf(network.getFileName());
    String base = name.substring(0, name.lastIndexOf('.'));
    Path card = network.resolveSibling(base + CARD);
    if (!Files.exists(network)) {
      throw new IOException(network + ": there is no such file");
    }
    if (!Files.exists(card)) {
      throw new IOException(
          ("%s: a network is opened by a model card, and there is no %s beside it. Write one with"
                  + " name, %s = %s, input.name, input.size, output.name and labels"
                  + " (docs/model-card.md), or give model(Path, InputSpec) the file and what its input"
                  + " is")
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
                        "%s: the card beside it, %s, is of other files: %s. Open the card, or let it name this file"
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
