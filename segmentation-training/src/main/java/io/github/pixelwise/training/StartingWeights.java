package io.github.pixelwise.training;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.internal.file.ModelFiles;
import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.convert.ConvertedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the weights that a run starts from, if these are not random. */
final class StartingWeights {
  private StartingWeights() {}

  /**
   * Reads weights.
   *
   * @param network the network
   * @param from a checkpoint's path, or the name of an embedded model
   * @param seed the seed of what the checkpoint lacks
   * @return the weights; their notes say what was kept and what was replaced
   * @throws IOException if there is neither a file nor a model with that name, or the file cannot
   *     be read
   * @throws ModelLoadException if the weights do not fit the network
   */
  static Weights of(Network network, String from, long seed) throws IOException {
    Path file = file(from);
    try {
      Checkpoint checkpoint = Checkpoint.read(file);
      return Weights.startingFrom(
          network, ConvertedWeights.of(network, checkpoint.tensors()), seed);
    } catch (ModelLoadException e) {
      throw new ModelLoadException(
          e.reason(), "cannot start from %s: %s".formatted(from, e.getMessage()), e);
    }
  }

  private static Path file(String from) throws IOException {
    Path path = Path.of(from);
    if (Files.isDirectory(path)) {
      throw new IOException(
          "cannot start from %s: it is a folder; choose a file in it, such as the weights.pth of a run"
              .formatted(from));
    }
    if (Files.exists(path)) {
      return path;
    }
    Catalog catalog = Catalog.load();
    List<String> models = catalog.modelNames();
    if (!models.contains(from)) {
      throw new IOException(
          "cannot start from %s: there is no file and no model with that name%s. %s"
              .formatted(
                  from,
                  Names.suggestion(from, models),
                  Names.models(from, models, "'segment models' and Catalog.modelNames() list")));
    }
    ModelCard model = catalog.model(from);
    for (ModelFile file : model.files()) {
      if (file.format().equals(ModelFormat.TORCHSCRIPT)) {
        return ModelFiles.resolve(model, file);
      }
    }
    throw new IOException(
        "cannot start from the model %s: it has no weights in TorchScript; add io.github.pixelwise:pixelwise-models-torchscript"
            .formatted(from));
  }
}
