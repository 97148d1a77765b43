package io.github.pixelwise.evaluation.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The images of a file with the annotations of all photographs. */
final class AnnotatedImages {
  private final Path file;
  private final Pairing pairing;
  private final boolean resize;
  private final Optional<FileIndex> photographs;
  private final Map<String, Sample> samples = new LinkedHashMap<>();

  AnnotatedImages(Path file, Pairing pairing, boolean resize) throws IOException {
    this.file = file;
    this.pairing = pairing;
    this.resize = resize;
    this.photographs = pairing.photographs();
  }

  /** Adds an image by the name of its photograph. */
  void add(String photograph, Truth truth) throws IOException {
    String found = FileIndex.withoutSuffix(photograph);
    if (photographs.isPresent()) {
      FileIndex index = photographs.get();
      found =
          index
              .meant(photograph, "")
              .orElseThrow(
                  () ->
                      new IOException(
                          "%s names the photograph %s, which is not in %s"
                              .formatted(file, photograph, index.folder())));
    }
    String key = found;
    Sample sample =
        new FileSample(key, photographs.flatMap(index -> index.find(key)), truth, resize);
    if (samples.put(key, sample) != null) {
      throw new IOException("%s has two images named %s".formatted(file, key));
    }
  }

  /** All images, or those that are listed. */
  List<Sample> samples() throws IOException {
    Optional<NameList> list = pairing.list();
    if (list.isEmpty()) {
      return List.copyOf(samples.values());
    }
    List<Sample> chosen = new ArrayList<>();
    NameList names = list.get();
    names.names(
        line -> {
          String name = FileIndex.withoutSuffix(line.text());
          Sample sample = samples.get(name);
          if (sample == null) {
            throw names.wrong(line, "the annotations have no image named " + name);
          }
          chosen.add(sample);
          return name;
        });
    return chosen;
  }
}
