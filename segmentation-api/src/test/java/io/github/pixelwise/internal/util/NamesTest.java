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
}
