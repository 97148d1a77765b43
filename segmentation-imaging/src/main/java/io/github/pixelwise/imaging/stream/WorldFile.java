package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The world file beside a picture: six lines that say where it lies on the map, of which the last
 * two are the center of the first pixel.
 *
 * <p>It has the name of the picture and, for {@code .tif}, the suffix {@code .tfw}, {@code .tifw}
 * or {@code .wld}; for other suffixes likewise, such as {@code .jgw} for {@code .jpg}. It may be in
 * upper case.
 */
public final class WorldFile {
  private static final int NUMBERS = 6;

  private WorldFile() {}

  /**
   * Finds the world file of a picture.
   *
   * @param picture the file of the picture
   * @return the first one that exists
   */
  public static Optional<Path> find(Path picture) {
    for (String suffix : suffixes(picture)) {
      for (String name : List.of(suffix, suffix.toUpperCase(Locale.ROOT))) {
        Path file = picture.resolveSibling(stem(picture) + "." + name);
        if (Files.isRegularFile(file) && !file.equals(picture)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Copies the world file of a picture, if it has one, to its mask, which is as large.
   *
   * @param picture the file of the picture
   * @param mask the file of the mask
   * @return the copy, named after the mask; an existing file is replaced
   * @throws IOException if it cannot be copied
   */
  public static Optional<Path> copy(Path picture, Path mask) throws IOException {
    Optional<Path> worldFile = find(picture);
    if (worldFile.isEmpty()) {
      return Optional.empty();
    }
    Path copy = mask.resolveSibling(stem(mask) + "." + suffixes(mask).get(0));
    try {
      if (!copy.equals(worldFile.get())) {
        Files.copy(worldFile.get(), copy, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new IOException(
          "cannot copy %s to %s".formatted(worldFile.get(), Reason.withPath(copy, e)), e);
    }
    return Optional.of(copy);
  }

  /**
   * Reads a world file.
   *
   * @throws IOException if it cannot be read or is anything else; the message names it
   */
  static MapPlace read(Path file) throws IOException {
    List<String> words;
    try {
      words = List.of(Files.readString(file).strip().split("\\s+", -1));
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(file, e), e);
    }
    double[] numbers = new double[NUMBERS];
    try {
      if (words.size() != NUMBERS) {
        throw new IllegalArgumentException("found " + words.size());
      }
      for (int i = 0; i < NUMBERS; i++) {
        numbers[i] = Double.parseDouble(words.get(i).replace(',', '.'));
      }
      return new MapPlace(
              numbers[4],
              numbers[5],
              numbers[0],
              numbers[1],
              numbers[2],
              numbers[3],
              Optional.empty())
          .fromCenter();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s: expected the six numbers of a world file: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The possible suffixes, of which the first one is the most common. */
  private static List<String> suffixes(Path picture) {
    String name = picture.getFileName().toString();
    String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (suffix.length() < 2 || suffix.length() == name.length()) {
      return List.of("wld");
    }
    String ends = suffix.charAt(0) + suffix.substring(suffix.length() - 1);
    return List.of(ends + "w", suffix + "w", "wld");
  }

  private static String stem(Path picture) {
    String name = picture.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
