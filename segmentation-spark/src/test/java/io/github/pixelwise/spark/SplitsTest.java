package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.RemoteIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How photographs are divided among tasks. */
class SplitsTest {
  private static final int TASKS = 8;
  private static final long MB = 1 << 20;
  private static final long SPLIT = 128 * MB;

  /** Photographs that exist only while they are listed. */
  private static final class Listing implements RemoteIterator<ListedPhotograph> {
    private final int number;
    private final IntToLongFunction length;
    private int next;

    Listing(int number, IntToLongFunction length) {
      this.number = number;
      this.length = length;
    }

    @Override
    public boolean hasNext() {
      return next < number;
    }

    @Override
    public ListedPhotograph next() {
      return photograph(next, length.applyAsLong(next++));
    }
  }

  private static ListedPhotograph photograph(int i, long length) {
    return new ListedPhotograph("file:/photos/" + i + ".jpg", i + ".jpg", length);
  }

  private static Splits splits(Listing listing) {
    return new Splits(listing, SPLIT, () -> TASKS);
  }

  private static List<List<ListedPhotograph>> divide(long... lengths) {
    List<ListedPhotograph> round =
        IntStream.range(0, lengths.length).mapToObj(i -> photograph(i, lengths[i])).toList();
    return splits(new Listing(0, i -> 0)).divide(round);
  }

  private static long bytes(List<ListedPhotograph> split) {
    return split.stream().mapToLong(ListedPhotograph::length).sum();
  }

  @Test
  void keepTheOrderAndLoseNone() throws IOException {
    Random random = new Random(1);
    Splits splits = splits(new Listing(20_000, i -> random.nextLong(20 * MB)));

    List<String> found = new ArrayList<>();
    for (List<ListedPhotograph> round = splits.nextRound();
        !round.isEmpty();
        round = splits.nextRound()) {
      splits.divide(round).forEach(split -> split.forEach(photo -> found.add(photo.name())));
    }

    assertThat(found).isEqualTo(IntStream.range(0, 20_000).mapToObj(i -> i + ".jpg").toList());
  }

  @Test
  void haveNoMoreBytesThanATaskMay() throws IOException {
    Random random = new Random(2);
    Splits splits = splits(new Listing(2_000, i -> random.nextLong(100 * MB)));

    for (List<ListedPhotograph> round = splits.nextRound();
        !round.isEmpty();
        round = splits.nextRound()) {
      assertThat(splits.divide(round)).allMatch(split -> bytes(split) <= SPLIT);
    }
  }

  @Test
  void aPhotoOfMoreBytesIsAlone() {
    List<List<ListedPhotograph>> splits = divide(MB, MB, 1000 * MB, MB, MB);

    assertThat(splits.stream().map(List::size)).containsExactly(2, 1, 2);
  }

  @Test
  void aHugePhotoMayBeTheFirstOrTheLast() {
    assertThat(divide(1000 * MB, MB).stream().map(List::size)).containsExactly(1, 1);
    assertThat(divide(MB, 1000 * MB).stream().map(List::size)).containsExactly(1, 1);
    assertThat(divide(1000 * MB).stream().map(List::size)).containsExactly(1);
    assertThat(divide()).isEmpty();
  }

  @Test
  void roundsGrowWithTheCluster() throws IOException {
    AtomicInteger tasks = new AtomicInteger(2);
    Splits splits = new Splits(new Listing(100, i -> 1), 1, tasks::get);

    assertThat(splits.nextRound()).hasSize(2);
    tasks.set(20);
    assertThat(splits.nextRound()).hasSize(20);
  }

  @Test
  void ofEmptyPhotosHaveNoMoreThanAThousand() throws IOException {
    Splits splits = new Splits(new Listing(30_000, i -> 0), Long.MAX_VALUE, () -> TASKS);

    List<ListedPhotograph> round = splits.nextRound();

    assertThat(round).hasSize(1000 * TASKS);
    assertThat(splits.divide(round)).hasSize(TASKS).allMatch(split -> split.size() == 1000);
  }

  @Test
  void fewPhotosAreSharedByAllTasks() {
    long[] lengths = new long[80];
    Arrays.fill(lengths, 5 * MB);

    assertThat(divide(lengths)).hasSize(TASKS).allMatch(split -> split.size() == 10);
  }

  @Test
  void fewerPhotosThanTasksAreAloneEach() {
    assertThat(divide(MB, MB, MB)).hasSize(3);
  }

  @Test
  void aRoundIsEnoughForAllTasks() throws IOException {
    Splits splits = splits(new Listing(10_000, i -> 4 * MB));

    List<List<ListedPhotograph>> round = splits.divide(splits.nextRound());

    assertThat(round).hasSizeBetween(TASKS, TASKS + 1);
    assertThat(round.subList(0, TASKS)).allMatch(split -> bytes(split) > SPLIT * 3 / 4);
  }

  @Test
  void aRoundOfHugePhotosHasOneForEachTask() throws IOException {
    Splits splits = splits(new Listing(100, i -> 10_000 * MB));

    assertThat(splits.nextRound()).hasSize(TASKS);
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 1_000_000})
  void theDriverHoldsOneRoundOfAnyNumberOfPhotos(int number) throws IOException {
    Listing listing = new Listing(number, i -> i % 3 * MB);
    Splits splits = splits(listing);

    int taken = 0;
    int most = 0;
    for (List<ListedPhotograph> round = splits.nextRound();
        !round.isEmpty();
        round = splits.nextRound()) {
      taken += round.size();
      most = Math.max(most, round.size());
      assertThat(listing.next).as("listed beyond the round").isEqualTo(taken);
    }

    assertThat(taken).isEqualTo(number);
    // A photo costs 2 MB on average, and a round has 8 times 128 MB.
    assertThat(most).isBetween(511, 514);
  }
}
