package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoListTest {
  @TempDir private Path folder;

  /** A photograph of which only the name and the size of its file are known. */
  private record Named(String name, OptionalLong bytes) implements Sample {
    Named(String name, long bytes) {
      this(name, OptionalLong.of(bytes));
    }

    @Override
    public RgbImage photograph() {
      throw new AssertionError("photographs are not read");
    }

    @Override
    public CategoryMask truth() {
      throw new AssertionError("masks are not read");
    }
  }

  private static Dataset data(Named... samples) {
    return Dataset.of("data", LabelMap.of(List.of("road")), Palette.voc(), List.of(samples));
  }

  private static PhotoList photos(Named... samples) throws IOException {
    return PhotoList.of(data(samples), Optional.empty());
  }

  private void assertRefused(PhotoList photos, String differences) {
    assertThatIOException()
        .isThrownBy(() -> photos.requireThoseOf(folder))
        .withMessage(
            "cannot resume the run in %s: its photos have changed: %s. Resume with the photos of before, or start a new run in another folder",
            folder, differences);
  }

  @Test
  void isATable() throws IOException {
    PhotoList.of(
            data(new Named("a,\"b\"", 12), new Named("c", OptionalLong.empty())),
            Optional.of(data(new Named("d", 7))))
        .write(folder);

    assertThat(folder.resolve("photos.csv"))
        .hasContent(
            """
            use,photo,bytes
            training,"a,""b""\",12
            training,c,
            validation,d,7
            """);
  }

  @Test
  void acceptsTheSamePhotos() throws IOException {
    PhotoList photos = photos(new Named("a, \"b\"", 12), new Named("c", OptionalLong.empty()));
    photos.requireThoseOf(folder);
    photos.write(folder);

    photos.requireThoseOf(folder);
  }

  @Test
  void namesEveryDifference() throws IOException {
    photos(new Named("a", 12), new Named("b", 7), new Named("c", 8)).write(folder);

    assertRefused(
        photos(new Named("a", 13), new Named("c", OptionalLong.empty()), new Named("d", 7)),
        "a has 13 bytes and had 12 bytes; b of the training is missing; c has no file and had 8"
            + " bytes; d of the training is new");
  }

  @Test
  void noticesPhotosThatAreUsedForSomethingElse() throws IOException {
    Named a = new Named("a", 1);
    Named b = new Named("b", 2);
    PhotoList.of(data(a), Optional.of(data(b))).write(folder);

    assertRefused(
        PhotoList.of(data(b), Optional.of(data(a))),
        "a of the training is missing; b of the validation is missing; b of the training is new; a"
            + " of the validation is new");
  }

  @Test
  void noticesAnotherOrder() throws IOException {
    Named a = new Named("a", 1);
    Named b = new Named("b", 2);
    photos(a, b).write(folder);

    assertRefused(photos(b, a), "they come in another order");
  }

  @Test
  void countsDifferencesBeyondTheFirst() throws IOException {
    photos(new Named("a", 1)).write(folder);
    Named[] many = IntStream.range(0, 9).mapToObj(i -> new Named("n" + i, i)).toArray(Named[]::new);

    assertRefused(
        photos(many),
        "a of the training is missing; n0 of the training is new; n1 of the training is new; n2 of"
            + " the training is new; n3 of the training is new; and 5 more");
  }

  @Test
  void aListThatWasDeletedIsNotCompared() throws IOException {
    photos(new Named("a", 1)).write(folder);
    Files.delete(folder.resolve("photos.csv"));

    photos(new Named("b", 1)).requireThoseOf(folder);
  }
}
