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
    return KnownNetworks.FILES.stream()
        .filter(repository.files()::contains)
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "it has no ONNX network (*.onnx), no %s. %s"
                        .formatted(String.join(", no ", KnownNetworks.FILES), export())));
  }

  private String choose(List<String> networks) {
    return "choose one with --file, or name it, such as " + name.with(networks.get(0));
  }

  /** Returns the path of the network that a file becomes in the cache. */
  static String network(String file) {
    return isWeights(file) ? CONVERTED : file;
  }

  /** Whether a file has weights without a network. */
  static boolean isWeights(String file) {
    return KnownNetworks.FILES.contains(file);
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
