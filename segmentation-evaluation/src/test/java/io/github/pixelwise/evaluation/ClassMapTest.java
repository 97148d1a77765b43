package io.github.pixelwise.evaluation;

import static io.github.pixelwise.evaluation.Reports.mask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.LabelMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassMapTest {
  private static final LabelMap MODEL = LabelMap.of(List.of("cat", "lorry", "sky"));
  private static final LabelMap DATASET = LabelMap.of(List.of("truck", "Cat", "road"), 99);

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("map.txt");
  }

  private ClassMap read(String... lines) throws IOException {
    return ClassMap.read(Files.writeString(file(), String.join("\n", lines)), MODEL, DATASET);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> failing(String... lines) {
    return assertThatThrownBy(() -> read(lines)).isInstanceOf(IOException.class);
  }

  @Test
  void pairsNamesakesWhateverTheirCase() {
    ClassMap map = ClassMap.byName(MODEL, DATASET);

    assertThat(map.apply(mask(0, 1, 2)).toIntArray()).containsExactly(1, 99, 99);
    assertThat(map.notes())
        .containsExactly(
            "The data set has no class for the model's lorry, sky: pixels predicted so are wrong.",
            "The model has no class for the data set's truck, road: their pixels are wrong.");
  }

  @Test
  void voidOfTheModelIsVoidOfTheDataSet() {
    assertThat(ClassMap.byName(MODEL, DATASET).apply(mask(255, 3, 65535)).toIntArray())
        .containsExactly(99, 99, 99);
  }

  @Test
  void hasNothingToNoteIfAllNamesAreEqual() {
    assertThat(ClassMap.byName(MODEL, MODEL).notes()).isEmpty();
  }

  @Test
  void pairsAsAFileSaysAndTheRestByName() throws IOException {
    ClassMap map = read("# ours", "", "  LORRY =Truck ");

    assertThat(map.apply(mask(0, 1, 2)).toIntArray()).containsExactly(1, 0, 99);
    assertThat(map.notes())
        .containsExactly(
            "The model's lorry is the data set's truck.",
            "The data set has no class for the model's sky: pixels predicted so are wrong.",
            "The model has no class for the data set's road: their pixels are wrong.");
  }

  @Test
  void severalClassesMayBeOneAndNothingMeansNone() throws IOException {
    assertThat(read("lorry = cat", "sky = cat").apply(mask(0, 1, 2)).toIntArray())
        .containsExactly(1, 1, 1);
    assertThat(read("cat =", "sky = road").apply(mask(0, 1, 2)).toIntArray())
        .containsExactly(99, 99, 2);
  }

  @Test
  void namesTheLineThatIsWrong() {
    failing("cat = Cat", "lorry truck")
        .hasMessage(
            "%s, line 2: expected MODEL CLASS = DATA SET CLASS, found lorry truck"
                .formatted(file()));
    failing("dog = cat")
        .hasMessage(
            "%s, line 1: the model has no class dog; it has cat, lorry, sky".formatted(file()));
    failing("cat = dog")
        .hasMessage(
            "%s, line 1: the data set has no class dog; it has truck, Cat, road".formatted(file()));
    failing("cat = Cat", "", "CAT = road")
        .hasMessage("%s, line 3: the class CAT is mapped twice".formatted(file()));
  }

  @Test
  void namesTheFileThatCannotBeRead() throws IOException {
    assertThatThrownBy(() -> ClassMap.read(file(), MODEL, DATASET))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read %s: there is no such file or folder".formatted(file()));
    Files.write(file(), "lorry = caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ClassMap.read(file(), MODEL, DATASET))
        .isInstanceOf(IOException.class)
        .hasMessage(file() + ": the file is not UTF-8; save it as UTF-8");
  }

  @Test
  void refusesClassesThatHaveNothingInCommon() {
    LabelMap other = LabelMap.of(List.of("tree"));

    assertThatThrownBy(() -> ClassMap.byName(MODEL, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model and data set have no class in common: the model has cat, lorry, sky; the data set"
                + " has tree; map them with a file of lines MODEL CLASS = DATA SET CLASS");
    assertThatThrownBy(() -> read("cat ="))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("model and data set have no class in common");
  }
}
