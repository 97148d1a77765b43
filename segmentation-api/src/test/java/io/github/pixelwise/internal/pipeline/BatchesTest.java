package io.github.pixelwise.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.ModelInput;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static Batches.Item item(int index, int width) {
    float[] values = new float[3 * width];
    values[0] = index;
    return new Batches.Item(
        new Pending((scores, preparation, inference) -> {}),
        index,
        new ModelInput(
            FloatTensor.of(values, 1, 3, 1, width), ImageGeometry.stretched(width, 1, width, 1)));
  }

  /**
   * The indices of the batches that inputs of these widths come to, those that did not fill last.
   */
  private static List<List<Integer>> batches(int size, int... widths) {
    Batches batches = new Batches(size);
    List<List<Batches.Item>> all = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      batches.add(item(i, widths[i])).ifPresent(all::add);
    }
    all.addAll(batches.rest());
    return all.stream().map(b -> b.stream().map(Batches.Item::index).toList()).toList();
  }

  @Test
  void inputsOfOneShapeGoTogether() {
    assertThat(batches(2, 5, 7, 5, 7, 7)).containsExactly(List.of(0, 2), List.of(1, 3), List.of(4));
  }

  @Test
  void singleImagesDoNotWait() {
    assertThat(batches(1, 5, 7, 5)).containsExactly(List.of(0), List.of(1), List.of(2));
  }

  @Test
  void noMoreThanTwoBatchesWait() {
    assertThat(batches(2, 1, 2, 3, 4, 5))
        .containsExactly(List.of(0), List.of(1), List.of(2), List.of(3), List.of(4));
    assertThat(batches(3, 1, 1, 2, 3, 4, 5, 1))
        .containsExactly(List.of(0, 1), List.of(2), List.of(3), List.of(4), List.of(5), List.of(6));
  }

  @Test
  void aBatchIsOneTensorFilledUpByItsLastImage() {
    List<FloatTensor> inputs = List.of(item(4, 2).input().tensor(), item(5, 2).input().tensor());

    assertThat(Batches.tensor(inputs, 2))
        .isEqualTo(FloatTensor.of(new float[] {4, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0}, 2, 3, 1, 2));
    assertThat(Batches.tensor(inputs, 3))
        .isEqualTo(
            FloatTensor.of(
                new float[] {4, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0}, 3, 3, 1, 2));
  }
}
