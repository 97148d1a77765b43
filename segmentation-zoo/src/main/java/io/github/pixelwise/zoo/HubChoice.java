package io.github.pixelwise.zoo;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Which file of a repository a name means: an ONNX network, or weights without one.
 *
 * @param name the name
 * @param repository the repository
 */
record HubChoice(HubName name, HubRepository repository) {
  static final String WEIGHTS = "model.safetensors";

  /** What weights without a network are converted to. */
  private static final String CONVERTED = "model.onnx";

  /**
   * Returns the path of the file to download.
   *
   * @throws IOException if there is none, or none is the usual one
   */
  String file() throws IOException {
    if (repository.isForAnotherTask()) {
      throw wrong(
          "its task is %s. It is not supported; use a model for image-segmentation"
              .formatted(repository.task()));
    }
    List<String> networks = repository.networks();
    if (!name.file().isEmpty()) {
      if (!repository.files().contains(name.file())) {
        throw wrong(
            "there is no file %s at commit %s; its networks are: %s"
                .formatted(
                    name.file(),
                    repository.commit(),
                    networks.isEmpty() ? "none" : Listing.of(networks)));
      }
      return name.file();
    }
    List<String> inUsualPlaces = repository.networksInUsualPlaces();
    Optional<String> usual = HuggingFaceFolder.usual(inUsualPlaces);
    if (usual.isPresent()) {
      return usual.get();
    }
    if (!inUsualPlaces.isEmpty()) {
      throw wrong(
          "it has the networks %s, and none is named model.onnx; %s"
              .formatted(Listing.of(inUsualPlaces), choose(inUsualPlaces)));
    }
    if (!networks.isEmpty()) {
      throw wrong(
          "it has no ONNX network in the usual places; it has %s: %s"
              .formatted(Listing.of(networks), choose(networks)));
    }
    if (repository.files().contains(WEIGHTS)) {
      return WEIGHTS;
    }
    throw wrong("it has no ONNX network (*.onnx) and no " + WEIGHTS + ". " + export());
  }

  private String choose(List<String> networks) {
    return "choose one with --file, or name it, such as " + name.with(networks.get(0));
  }

  /** Returns the path of the network that a file becomes in the cache. */
  static String network(String file) {
    return file.equals(WEIGHTS) ? CONVERTED : file;
  }

  /** Returns the network in the cache that a name without a path means, if there is one. */
  Optional<String> usualNetwork() {
    return repository.networks().isEmpty()
        ? Optional.of(CONVERTED)
        : HuggingFaceFolder.usual(repository.networksInUsualPlaces());
  }

  /** What to do about weights without a network, as a sentence without its period. */
  String export() {
    return "Export it with 'optimum-cli export onnx --task semantic-segmentation --model %s OUT' and open OUT, or look for a copy of the model that has onnx/model.onnx"
        .formatted(name.repository());
  }

  private IOException wrong(String found) {
    return HubFetcher.wrong(name, found);
  }
}
