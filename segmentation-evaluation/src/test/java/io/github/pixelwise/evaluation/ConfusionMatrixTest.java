package io.github.pixelwise.evaluation;

import static io.github.pixelwise.evaluation.Reports.mask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final int VOID = 255;

  private static ConfusionMatrix matrix(CategoryMask truth, CategoryMask prediction) {
    ConfusionMatrix matrix = ConfusionMatrix.of(2, VOID);
    matrix.add(truth, prediction);
    return matrix;
  }

  @Test
  void countsEachPairOfClasses() {
    ConfusionMatrix matrix = matrix(mask(0, 0, 0, 1, 1), mask(0, 1, 1, 1, 0));

    assertThat(matrix.count(0, 0)).isEqualTo(1);
    assertThat(matrix.count(0, 1)).isEqualTo(2);
    assertThat(matrix.count(1, 0)).isEqualTo(1);
    assertThat(matrix.count(1, 1)).isEqualTo(1);
    assertThat(matrix.truth(0)).isEqualTo(3);
    assertThat(matrix.predicted(0)).isEqualTo(2);
    assertThat(matrix.total()).isEqualTo(5);
    assertThat(matrix).hasToString("ConfusionMatrix[2 classes, 5 pixels]");
  }

  @Test
  void countsNoPixelThatIsVoidInTheTruth() {
    assertThat(matrix(mask(VOID, VOID, 0), mask(0, VOID, 0)).total()).isEqualTo(1);
  }

  @Test
  void countsPredictedVoidAndUnknownCategoriesAsWrong() {
    ConfusionMatrix matrix = matrix(mask(0, 0, 0, 1), mask(VOID, 2, 65535, 1));

    assertThat(matrix.count(0, ConfusionMatrix.VOID)).isEqualTo(3);
    assertThat(matrix.predicted(ConfusionMatrix.VOID)).isEqualTo(3);
    assertThat(matrix.truth(0)).isEqualTo(3);
    assertThat(matrix.metrics(EmptyClasses.SKIP).pixelAccuracy()).isEqualTo(0.25);
  }

  @Test
  void partsAddUpToTheWholeInAnyOrder() {
    ConfusionMatrix a = matrix(mask(0, 1, VOID), mask(1, 1, 0));
    ConfusionMatrix b = matrix(mask(1, 1, 0), mask(0, VOID, 0));
    ConfusionMatrix ab = ConfusionMatrix.of(2, VOID);
    ab.add(a);
    ab.add(b);
    ConfusionMatrix ba = ConfusionMatrix.of(2, VOID);
    ba.add(b);
    ba.add(a);

    assertThat(ab)
        .isEqualTo(ba)
        .hasSameHashCodeAs(ba)
        .isEqualTo(matrix(mask(0, 1, VOID, 1, 1, 0), mask(1, 1, 0, 0, VOID, 0)));
    assertThat(a).isNotEqualTo(b).isNotEqualTo(ab);
  }

  @Test
  void countsMorePixelsThanAnIntHolds() {
    ConfusionMatrix matrix = ConfusionMatrix.of(2, VOID);
    matrix.add(1, 0, 3_000_000_000L);
    ConfusionMatrix sum = ConfusionMatrix.of(2, VOID);
    sum.add(matrix);
    sum.add(matrix);

    assertThat(sum.count(1, 0)).isEqualTo(6_000_000_000L);
  }

  @Test
  void survivesSerialization() throws IOException, ClassNotFoundException {
    ConfusionMatrix matrix = matrix(mask(0, 1, 1), mask(0, VOID, 1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(matrix);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      ConfusionMatrix read = (ConfusionMatrix) in.readObject();

      assertThat(read).isEqualTo(matrix);
      read.add(matrix); // still mergeable
      assertThat(read.total()).isEqualTo(6);
    }
  }

  @Test
  void staysAsItWasIfAnImageIsWrong() {
    ConfusionMatrix matrix = matrix(mask(0, 1), mask(0, 1));
    ConfusionMatrix before = matrix(mask(0, 1), mask(0, 1));

    assertThatThrownBy(() -> matrix.add(mask(0, 1, 7), mask(0, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the truth has the category 7 at (2, 0); classes are 0 to 1, void is 255");
    assertThatThrownBy(() -> matrix.add(mask(0, 1), mask(0, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("truth and prediction must have one size, found 2 x 1 and 3 x 1");
    assertThat(matrix).isEqualTo(before);
  }

  @Test
  void refusesMatricesOfOtherClasses() {
    ConfusionMatrix matrix = ConfusionMatrix.of(2, VOID);

    assertThatThrownBy(() -> matrix.add(ConfusionMatrix.of(3, VOID)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot add a matrix of 3 classes and ignore index 255 to one of 2 and 255");
    assertThatThrownBy(() -> matrix.add(ConfusionMatrix.of(2, 254)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ignore index 254");
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatThrownBy(() -> ConfusionMatrix.of(0, VOID))
        .hasMessage(
            "a confusion matrix needs at least one class and an ignore index beyond the classes,"
                + " found 0 and 255");
    assertThatThrownBy(() -> ConfusionMatrix.of(3, 2)).isInstanceOf(IllegalArgumentException.class);
    ConfusionMatrix matrix = ConfusionMatrix.of(2, VOID);
    assertThatThrownBy(() -> matrix.add(0, 0, -1)).hasMessage("cannot add -1 pixels");
    assertThatThrownBy(() -> matrix.count(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> matrix.count(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> matrix.count(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void takesClassesAndVoidFromLabels() {
    ConfusionMatrix matrix = ConfusionMatrix.of(LabelMap.of(List.of("a"), 9));
    matrix.add(mask(0, 9), mask(0, 0));

    assertThat(matrix.classes()).isEqualTo(1);
    assertThat(matrix.total()).isEqualTo(1);
  }
}
