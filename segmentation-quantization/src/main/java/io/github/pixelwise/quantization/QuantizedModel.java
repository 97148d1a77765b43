package io.github.pixelwise.quantization;

import io.github.pixelwise.internal.file.FolderUpdate;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An int8 copy of a model, in memory until it is written. Immutable. */
public final class QuantizedModel {
  /** The least share of unchanged pixels by default, in percent. */
  public static final double MIN_AGREEMENT = 98.5;

  private final ModelCard card;
  private final byte[] network;
  private final long floatBytes;
  private final Agreement agreement;
  private final double minAgreement;
  private final List<String> layers;

  QuantizedModel(
      ModelCard card,
      byte[] network,
      long floatBytes,
      Agreement agreement,
      double minAgreement,
      List<String> layers) {
    this.card = card;
    this.network = network;
    this.floatBytes = floatBytes;
    this.agreement = agreement;
    this.minAgreement = minAgreement;
    this.layers = List.copyOf(layers);
  }

  /** {@return the model's name, which its files also have} */
  public String name() {
    return card.name();
  }

  /** {@return how much of the float model's masks it keeps} */
  public Agreement agreement() {
    return agreement;
  }

  /** {@return the size of the network's file} */
  public long bytes() {
    return network.length;
  }

  /** {@return the size of the float model's network, with the files of its weights} */
  public long floatBytes() {
    return floatBytes;
  }

  /**
   * {@return what became of the nodes with weights, one line for each kind: how many compute in
   * integers, how many only store their weights in 8 bits, and how many are as they were}
   */
  public List<String> layers() {
    return layers;
  }

  /**
   * Writes {@code NAME.onnx} and the card, {@code NAME.properties}, if as many of the pixels are
   * unchanged as {@link Quantization#minAgreement} asks for.
   *
   * @param folder the folder; created if it does not exist; files with these names are replaced
   * @return the card
   * @throws IOException if a file cannot be written; existing files are then unchanged
   * @throws QuantizationException if more pixels change
   */
  public ModelCard write(Path folder) throws IOException {
    return write(folder, minAgreement);
  }

  /**
   * Writes {@code NAME.onnx} and the card, {@code NAME.properties}, if enough of the pixels are
   * unchanged.
   *
   * @param folder the folder; created if it does not exist; files with these names are replaced
   * @param minAgreement the least share of unchanged pixels, in percent; 0 to write in any case
   * @return the card
   * @throws IOException if a file cannot be written; existing files are then unchanged
   * @throws QuantizationException if more pixels change; nothing is written
   */
  public ModelCard write(Path folder, double minAgreement) throws IOException {
    double unchanged = 100 * agreement.unchanged();
    if (unchanged < minAgreement) {
      throw new QuantizationException(
          String.format(
              Locale.ROOT,
              "model %s: %.2f %% of the pixels change against the float32 model, and at most %.2f"
                  + " %% may. Calibrate on more photos like those you will segment, or try the"
                  + " other calibration, min-max or percentile. To accept the change, give another"
                  + " limit (--min-agreement, --force).",
              card.name(),
              100 - unchanged,
              100 - minAgreement));
    }
    try (FolderUpdate update = FolderUpdate.of(folder)) {
      Files.write(update.add(card.name() + ".onnx"), network);
      Path file = update.add(card.name() + ".properties");
      card(file.resolveSibling("")).write(file);
      update.finish();
    }
    return card(folder);
  }

  private ModelCard card(Path folder) {
    return card.toBuilder().files(List.of(file(folder, card.name(), network))).build();
  }

  static ModelFile file(Path folder, String name, byte[] network) {
    return new ModelFile(
        ModelFormat.ONNX,
        folder.resolve(name + ".onnx").toUri(),
        Optional.of(HexFormat.of().formatHex(Sha256.digest().digest(network))));
  }
}
