package io.github.pixelwise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.benchmarks.Listing.Sizes;
import io.github.pixelwise.benchmarks.Listing.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listing is cut into splits that are neither too large nor too many. */
class ListingTest {
  private static final int PHOTOS = 200_000;
  private static final int MEAN = 2500;

  @Test
  void cutsBySizeAndByNumber() {
    assertThat(splits(new Listing(Sizes.EQUAL, 7, 10, 35, 100, 1)))
        .containsExactly(new Split(3, 30), new Split(3, 30), new Split(1, 10));
    assertThat(splits(new Listing(Sizes.EQUAL, 7, 10, 40, 100, 1)))
        .containsExactly(new Split(4, 40), new Split(3, 30));
    assertThat(splits(new Listing(Sizes.EQUAL, 7, 10, 1000, 2, 1)))
        .containsExactly(new Split(2, 20), new Split(2, 20), new Split(2, 20), new Split(1, 10));
    assertThat(splits(new Listing(Sizes.EQUAL, 2, 10, 9, 100, 1)))
        .as("a photo larger than a split")
        .containsExactly(new Split(1, 10), new Split(1, 10));
  }

  @ParameterizedTest
  @EnumSource
  void listsEveryPhotoOnce(Sizes sizes) {
    List<Split> splits = splits(listing(sizes));

    assertThat(splits.stream().mapToInt(Split::photos).sum()).isEqualTo(PHOTOS);
    assertThat(splits)
        .allMatch(split -> split.photos() <= 60)
        .allMatch(split -> split.kilobytes() <= 128_000 || split.photos() == 1);
  }

  @Test
  void keepsTheAverageOfSkewedSizes() {
    long kilobytes = splits(listing(Sizes.SKEWED)).stream().mapToLong(Split::kilobytes).sum();

    assertThat((double) kilobytes / PHOTOS).isBetween(0.97 * MEAN, 1.03 * MEAN);
  }

  @Test
  void sortsTheSamePhotos() {
    List<Split> skewed = splits(new Listing(Sizes.SKEWED, PHOTOS, MEAN, Long.MAX_VALUE, 1, 1));
    skewed.sort(Comparator.comparingLong(Split::kilobytes));
    assertThat(splits(new Listing(Sizes.SORTED, PHOTOS, MEAN, Long.MAX_VALUE, 1, 1)))
        .isEqualTo(skewed);
  }

  private static Listing listing(Sizes sizes) {
    return new Listing(sizes, PHOTOS, MEAN, 128_000, 60, 1);
  }

  private static List<Split> splits(Listing listing) {
    List<Split> splits = new ArrayList<>();
    listing.forEachRemaining(splits::add);
    return splits;
  }
}
