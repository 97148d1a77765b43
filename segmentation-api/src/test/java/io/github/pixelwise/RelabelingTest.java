package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelabelingTest {
  private static final LabelMap SOURCE =
      LabelMap.of(List.of("background", "cat", "train", "dog", "person"));

  @Test
  void classesAreRenamedMergedAndMadeVoid() {
    Relabeling relabeling =
        Relabeling.of(
            SOURCE, Map.of("Cat", "pet", "dog", "pet", "train", "void", "person", "human"));

    assertThat(relabeling.labels()).isEqualTo(LabelMap.of(List.of("background", "pet", "human")));
    assertThat(relabeling.source()).isEqualTo(SOURCE);
    assertThat(List.of(0, 1, 2, 3, 4, 255))
        .extracting(relabeling::category)
        .containsExactly(0, 1, 255, 1, 2, 255);
    assertThatThrownBy(() -> relabeling.category(5)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aClassMayBeMergedIntoOneThatKeepsItsName() {
    Relabeling relabeling = Relabeling.of(SOURCE, Map.of("train", "Background", "dog", "cat"));

    assertThat(relabeling.labels().names()).containsExactly("background", "cat", "person");
    assertThat(relabeling.category(2)).isZero();
    assertThat(relabeling.category(3)).isEqualTo(1);
  }

  @Test
  void aMergedClassHasTheColourOfItsFirstMember() {
    Relabeling relabeling =
        Relabeling.of(SOURCE, Map.of("dog", "pet", "cat", "pet", "train", Relabeling.VOID));
    Palette palette = relabeling.palette(Palette.of(List.of(10, 11, 12, 13, 14)));

    assertThat(relabeling.labels().names()).containsExactly("background", "pet", "person");
    assertThat(List.of(0, 1, 2, 255))
        .extracting(palette::rgb)
        .containsExactly(10, 11, 14, Palette.voc().rgb(255));
  }

  @Test
  void palettesOfTheSameColorsAreEqualAfterRelabelingToo() {
    LabelMap source = LabelMap.of(List.of("a", "b", "c", "d"), 4);
    Palette palette = Palette.of(List.of(1, 2, 3, 4, 5));

    assertThat(Relabeling.of(source, Map.of("b", "a")).palette(palette))
        .isEqualTo(Palette.of(List.of(1, 3, 4, 4, 5)))
        .isEqualTo(Relabeling.of(source, Map.of("b", "a")).palette(palette))
        .hasSameHashCodeAs(Palette.of(List.of(1, 3, 4, 4, 5)))
        .isNotEqualTo(palette);
    assertThat(Relabeling.of(LabelMap.voc(), Map.of()).palette(Palette.voc()))
        .isEqualTo(Palette.voc())
        .hasSameHashCodeAs(Palette.voc());
    assertThat(Relabeling.of(source, Map.of("b", "a")).palette(category -> category + 1))
        .isEqualTo(Palette.of(List.of(1, 3, 4, 4, 5)));
  }

  @Test
  void theSameRelabelingsAreEqual() {
    Relabeling relabeling = Relabeling.of(SOURCE, Map.of("dog", "pet"));

    assertThat(relabeling)
        .isEqualTo(Relabeling.of(SOURCE, Map.of("DOG", "pet")))
        .hasSameHashCodeAs(Relabeling.of(SOURCE, Map.of("DOG", "pet")))
        .isNotEqualTo(Relabeling.of(SOURCE, Map.of("cat", "pet")))
        .hasToString(
            "Relabeling[[background, cat, train, dog, person] ->"
                + " [background, cat, train, pet, person]]");
  }

  @Test
  void unknownClassesListTheKnownOnes() {
    assertThatThrownBy(() -> Relabeling.of(SOURCE, Map.of("dgo", "pet")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no class is named \"dgo\" (did you mean \"dog\"?). Classes: background, cat, train, dog,"
                + " person.");
  }

  @Test
  void aClassListedTwiceIsAnError() {
    assertThatThrownBy(() -> Relabeling.of(SOURCE, Map.of("dog", "pet", "Dog", "animal")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("class \"dog\" is relabeled twice: {Dog=animal, dog=pet}");
  }

  @Test
  void aBlankNameIsAnError() {
    assertThatThrownBy(() -> Relabeling.of(SOURCE, Map.of("dog", " ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a label must not be blank");
  }

  @Test
  void somethingMustBeLeft() {
    assertThatThrownBy(
            () -> Relabeling.of(LabelMap.of(List.of("a", "b")), Map.of("a", "void", "b", "VOID")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("every class becomes void, so no class is left: {a=void, b=VOID}");
  }
}
