package io.github.pixelwise.training.internal.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.evaluation.dataset.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private final Samples samples = new Samples(4, 3);

  private static List<Integer> epoch(Sampling sampling, int epoch) {
    return IntStream.range(0, sampling.batches())
        .boxed()
        .flatMap(batch -> sampling.batch(epoch, batch).stream())
        .map(Pick::sample)
        .toList();
  }

  @Test
  void drawsEachSampleOnceInAnotherOrderEachEpoch() {
    Sampling sampling = Sampling.shuffled(12, 4, 1);

    assertThat(sampling.batches()).isEqualTo(3);
    assertThat(epoch(sampling, 0))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 12).boxed().toList())
        .isNotEqualTo(epoch(sampling, 1));
    assertThat(sampling.notices()).isEmpty();
  }

  @Test
  void ordersEveryEpochByTheSeedAlone() {
    Sampling once = Sampling.shuffled(12, 4, 1);
    List<Integer> first = epoch(once, 0);
    List<Integer> fifth = epoch(once, 5);

    assertThat(epoch(Sampling.shuffled(12, 4, 1), 5)).isEqualTo(fifth);
    assertThat(epoch(once, 0)).isEqualTo(first);
    assertThat(epoch(Sampling.shuffled(12, 4, 2), 5)).isNotEqualTo(fifth);
  }

  @Test
  void leavesOutTheRestOfAnEpoch() {
    Sampling sampling = Sampling.shuffled(11, 4, 1);

    assertThat(sampling.batches()).isEqualTo(2);
    assertThat(epoch(sampling, 0)).hasSize(8).doesNotHaveDuplicates();
  }

  @Test
  void repeatsSamplesIfABatchIsLargerThanTheDataSet() {
    Sampling sampling = Sampling.shuffled(3, 8, 1);

    assertThat(sampling.batches()).isEqualTo(1);
    List<Integer> batch = epoch(sampling, 0);
    assertThat(batch).hasSize(8);
    assertThat(batch.subList(0, 3)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(batch.subList(3, 6)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(sampling.notices())
        .containsExactly(
            "the data set has 3 photographs, fewer than a batch of 8: photographs are repeated in"
                + " each batch");
    assertThat(Sampling.shuffled(1, 2, 1).notices())
        .containsExactly(
            "the data set has 1 photograph, fewer than a batch of 2: photographs are repeated in"
                + " each batch");
  }

  @Test
  void drawsRareClassesAsOftenAsFrequentOnes() throws Exception {
    List<Sample> all = new ArrayList<>();
    for (int i = 0; i < 29; i++) {
      all.add(samples.sample("frequent-" + i, 0));
    }
    all.add(samples.sample("rare", 2, 255));
    ClassPresence classes = ClassPresence.of(Samples.dataset(all), 2);
    Sampling sampling = Sampling.balanced(classes, 5, 1);

    List<Integer> drawn = epoch(sampling, 0);

    assertThat(drawn).hasSize(30);
    assertThat(drawn.stream().filter(i -> i == 29).count()).isEqualTo(15);
    assertThat(
            drawn.stream()
                .filter(i -> i != 29)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values())
        .allMatch(count -> count == 1);
    assertThat(sampling.notices())
        .containsExactly("no mask has the class road: the network cannot learn it");
  }

  @Test
  void readsMasksWithAnyNumberOfThreads() throws Exception {
    ClassPresence one = ClassPresence.of(samples.dataset(20), 1);
    ClassPresence four = ClassPresence.of(samples.dataset(20), 4);

    assertThat(four.samplesWith(1)).isEqualTo(one.samplesWith(1));
    assertThat(epoch(Sampling.balanced(four, 4, 7), 2))
        .isEqualTo(epoch(Sampling.balanced(one, 4, 7), 2));
  }

  @Test
  void namesAllClassesThatNeverOccur() throws Exception {
    ClassPresence classes =
        ClassPresence.of(Samples.dataset(List.of(samples.sample("a", 1, 255))), 1);

    assertThat(classes.notices())
        .containsExactly("no mask has the classes sky, car: the network cannot learn them");
  }

  @Test
  void refusesToBalanceWithoutClasses() throws Exception {
    ClassPresence classes = ClassPresence.of(Samples.dataset(List.of(samples.sample("a", 255))), 1);

    assertThatThrownBy(() -> Sampling.balanced(classes, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "samples cannot be balanced by class, because no mask has a class: all pixels are"
                + " void");
  }

  @Test
  void refusesEmptyBatches() {
    assertThatThrownBy(() -> Sampling.shuffled(3, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a batch must have at least 1 sample, found 0");
  }
}
