package io.github.pixelwise.training.internal;

import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The file {@code photos.csv} in the folder of a run: what each photo is used for, its name, and
 * the number of bytes of its file. A run can only be resumed with the same photos. Immutable.
 */
public final class PhotoList {
  private static final String FILE = "photos.csv";
  private static final List<String> HEADER = List.of("use", "photo", "bytes");

  /** The most differences a message names; the rest are only counted. */
  private static final int NAMED = 5;

  /** The bytes by use and name, in the order of the data. */
  private final Map<List<String>, String> photos;

  private PhotoList(Map<List<String>, String> photos) {
    this.photos = photos;
  }

  /**
   * Lists the photos of a run.
   *
   * @throws IOException if the size of a file cannot be read
   */
  public static PhotoList of(Dataset learned, Optional<Dataset> measured) throws IOException {
    Map<List<String>, String> photos = new LinkedHashMap<>();
    add(photos, "training", learned);
    if (measured.isPresent()) {
      add(photos, "validation", measured.get());
    }
    return new PhotoList(photos);
  }

  private static void add(Map<List<String>, String> photos, String use, Dataset data)
      throws IOException {
    for (Sample sample : data.samples()) {
      OptionalLong bytes = sample.bytes();
      photos.put(
          List.of(use, sample.name()), bytes.isPresent() ? Long.toString(bytes.getAsLong()) : "");
    }
  }

  /** Writes the list; one that is there is replaced. */
  public void write(Path folder) throws IOException {
    StringBuilder text = new StringBuilder(Csv.row(HEADER));
    photos.forEach((key, bytes) -> text.append(Csv.row(List.of(key.get(0), key.get(1), bytes))));
    AtomicFile.write(
        folder.resolve(FILE), out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Checks that a run that is resumed has the photos of before.
   *
   * @throws IOException if it has others, or the list cannot be read; the message names the
   *     differences
   */
  public void requireThoseOf(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return; // deleted, which is no reason to lose the run
    }
    List<String> changes = changes(read(file));
    if (!changes.isEmpty()) {
      int more = changes.size() - NAMED;
      throw new IOException(
          "cannot resume the run in %s: its photos have changed: %s%s. Resume with the photos of before, or start a new run in another folder"
              .formatted(
                  folder,
                  String.join("; ", changes.subList(0, Math.min(NAMED, changes.size()))),
                  more > 0 ? "; and %d more".formatted(more) : ""));
    }
  }

  private static Map<List<String>, String> read(Path file) throws IOException {
    Map<List<String>, String> photos = new LinkedHashMap<>();
    try {
      for (List<String> row : Csv.rows(Files.readString(file))) {
        if (row.size() == HEADER.size() && !row.equals(HEADER)) {
          photos.put(row.subList(0, 2), row.get(2));
        }
      }
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(file, e), e);
    }
    return photos;
  }

  private List<String> changes(Map<List<String>, String> before) {
    List<String> changes = new ArrayList<>();
    before.forEach(
        (photo, bytes) -> {
          String now = photos.get(photo);
          if (now == null) {
            changes.add("%s of the %s is missing".formatted(photo.get(1), photo.get(0)));
          } else if (!now.equals(bytes)) {
            changes.add("%s has %s and had %s".formatted(photo.get(1), size(now), size(bytes)));
          }
        });
    photos.keySet().stream()
        .filter(photo -> !before.containsKey(photo))
        .map(photo -> "%s of the %s is new".formatted(photo.get(1), photo.get(0)))
        .forEach(changes::add);
    if (changes.isEmpty() && !List.copyOf(photos.keySet()).equals(List.copyOf(before.keySet()))) {
      changes.add("they come in another order");
    }
    return changes;
  }

  private static String size(String bytes) {
    return bytes.isEmpty() ? "no file" : bytes + " bytes";
  }
}
