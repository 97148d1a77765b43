package io.github.pixelwise.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  private static final List<String> KNOWN =
      List.of("cat", "car", "dog", "dining table", "tv/monitor", "aeroplane");

  @ParameterizedTest
  @CsvSource({
    "dgo, dog",
    "Dog, dog",
    "ca, car",
    "cats, cat",
    "dining-table, dining table",
    "aero, aeroplane",
    "aeorplane, aeroplane"
  })
  void aNameThatIsNearIsSuggested(String asked, String expected) {
    assertThat(Names.nearest(asked, KNOWN)).hasValue(expected);
    assertThat(Names.suggestion(asked, KNOWN)).isEqualTo(" (did you mean \"" + expected + "\"?)");
  }

  @Test
  void aNameThatIsFarIsNot() {
    assertThat(Names.suggestion("bicycle", KNOWN)).isEmpty();
    assertThat(Names.suggestion("x", KNOWN)).isEmpty();
    assertThat(Names.suggestion("", KNOWN)).isEmpty();
    assertThat(Names.suggestion("dog", List.of())).isEmpty();
  }

  @Test
  void fewModelsAreAllListed() {
    assertThat(Names.models("x", List.of("b", "a"), "'list' lists"))
        .isEqualTo("Available models: b, a");
  }

  @Test
  void ofManyModelsTheMostSimilarAreListed() {
    List<String> names = List.of("fog", "dot", "cat", "cot", "bird", "horse", "coat", "elephant");

    assertThat(Names.models("cat", names, "'list' lists"))
        .isEqualTo(
            "The most similar of 8 models: cat, coat, cot, dot, fog, bird; 'list' lists all");
  }

  @Test
  void aLongNameIsComparedByItsStart() {
    List<String> names = List.of("a", "b", "c", "d", "e", "f", "x".repeat(200));

    assertThat(Names.models("x".repeat(100_000), names, "'list' lists"))
        .startsWith("The most similar of 7 models: xxx");
  }
}
