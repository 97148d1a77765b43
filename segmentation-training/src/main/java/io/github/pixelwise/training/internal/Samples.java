package io.github.pixelwise.training.internal;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.internal.resample.Resampler;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.postprocess.Coloring;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Small pictures of a few validation photos, of their truth, and of what was predicted for them
 * after each epoch: PNG files in the folder {@code samples} of a run. They are numbered from 1,
 * because names of photos may not be names of files. To be used by one thread at a time.
 */
public final class Samples {
  /** The most photos that a report has room for. */
  static final int MOST = 6;

  /** The most pixels of a picture's long side. */
  static final int SIDE = 160;

  private static final Pattern PREDICTION = Pattern.compile("\\d+-epoch-(\\d+)\\.png");

  private final Path folder;
  private final Palette palette;
  private final List<Photo> photos = new ArrayList<>();
  private final TreeSet<Integer> epochs = new TreeSet<>();

  /** A photo's name, and the size of its pictures. */
  record Photo(String name, int width, int height) {}

  private Samples(Path folder, Palette palette) {
    this.folder = folder;
    this.palette = palette;
  }

  /**
   * Chooses photos for a report, at equal distances in a list: neighbors are often alike, such as
   * the frames of a video.
   *
   * @param all all photos
   * @return at most {@link #MOST} of them
   */
  public static List<Sample> choose(List<Sample> all) {
    int count = Math.min(MOST, all.size());
    return IntStream.range(0, count)
        .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
        .toList();
  }

  /**
   * Writes photos and truths, and drops predictions that were made after a checkpoint.
   *
   * @param run the folder of the run, which exists
   * @param samples the photos, at most {@link #MOST}; the same ones whenever the run is resumed
   * @param palette the colors of the classes
   * @param epoch the epochs completed by the checkpoint that the run is resumed from; 0 for a new
   *     run
   * @throws IOException if a photo cannot be read or a picture cannot be written
   */
  public static Samples open(Path run, List<Sample> samples, Palette palette, int epoch)
      throws IOException {
    if (samples.size() > MOST) {
      throw new IllegalArgumentException(
          "a report shows at most %d photos, found %d".formatted(MOST, samples.size()));
    }
    Samples opened = new Samples(run.resolve("samples"), palette);
    if (!samples.isEmpty()) {
      opened.keepUntil(epoch);
    }
    for (Sample sample : samples) {
      opened.add(sample);
    }
    return opened;
  }

  private void keepUntil(int epoch) throws IOException {
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Matcher name = PREDICTION.matcher(String.valueOf(file.getFileName()));
          if (!name.matches()) {
            continue;
          }
          int predicted = Integer.parseInt(name.group(1));
          if (predicted > epoch) {
            Files.delete(file);
          } else {
            epochs.add(predicted);
          }
        }
      }
    } catch (IOException e) {
      throw new IOException("cannot write to " + Reason.withPath(folder, e), e);
    }
  }

  private void add(Sample sample) throws IOException {
    RgbImage photo = sample.photograph();
    int width = shrunk(photo.width(), photo.width(), photo.height());
    int height = shrunk(photo.height(), photo.width(), photo.height());
    int number = photos.size() + 1;
    photos.add(new Photo(sample.name(), width, height));
    Images.write(
        Resampler.resize(photo, width, height, Interpolation.BILINEAR), file(number, "photo"));
    Images.write(colored(sample.truth(), width, height), file(number, "truth"));
  }

  /**
   * Writes a prediction.
   *
   * @param epoch the epoch it was made after, from 1
   * @param sample which of the photos it is for, from 0
   * @param prediction the mask, of any size
   */
  public void add(int epoch, int sample, CategoryMask prediction) throws IOException {
    Photo photo = photos.get(sample);
    Images.write(
        colored(prediction, photo.width, photo.height), file(sample + 1, "epoch-" + epoch));
    epochs.add(epoch);
  }

  List<Photo> photos() {
    return List.copyOf(photos);
  }

  /** The epochs with predictions, in ascending order. */
  List<Integer> epochs() {
    return List.copyOf(epochs);
  }

  /** The file of a photo's own picture. */
  byte[] photo(int sample) throws IOException {
    return read(file(sample + 1, "photo"));
  }

  byte[] truth(int sample) throws IOException {
    return read(file(sample + 1, "truth"));
  }

  /** The file of a prediction, if there is one. */
  Optional<byte[]> prediction(int sample, int epoch) throws IOException {
    Path file = file(sample + 1, "epoch-" + epoch);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(file, e), e);
    }
  }

  private Path file(int number, String what) {
    return folder.resolve("%s-%s.png".formatted(number, what));
  }

  private static int shrunk(int side, int width, int height) {
    int longSide = Math.max(width, height);
    return longSide <= SIDE ? side : (int) Math.max(1, Math.round((double) side * SIDE / longSide));
  }

  /** The colors of the categories at the centers of the picture's pixels. */
  private RgbImage colored(CategoryMask mask, int width, int height) {
    int[] row = new int[mask.width()];
    int[] categories = new int[width * height];
    for (int y = 0; y < height; y++) {
      mask.copyRow((int) ((2L * y + 1) * mask.height() / (2L * height)), row, 0);
      for (int x = 0; x < width; x++) {
        categories[y * width + x] = row[(int) ((2L * x + 1) * mask.width() / (2L * width))];
      }
    }
    return Coloring.colorize(CategoryMask.copyOf(width, height, categories), palette);
  }
}
