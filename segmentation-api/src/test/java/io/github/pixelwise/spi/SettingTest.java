package io.github.pixelwise.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingTest {
  private static final Setting<Long> MEMORY = Setting.bytes("fake.memory", "how much it takes");
  private static final Setting<Boolean> FAST = Setting.onOff("fake.fast", "hurries");
  private static final Setting<Integer> LANES = Setting.wholeNumber("fake.lanes", 1, 8, "lanes");
  private static final Setting<String> SEARCH =
      Setting.oneOf("fake.search", List.of("all", "first"), "how it looks");

  @Test
  void valuesAreParsed() {
    assertThat(MEMORY.parse("3KB")).isEqualTo(3072);
    assertThat(MEMORY.parse("2GB")).isEqualTo(2L << 30);
    assertThat(FAST.parse("on")).isTrue();
    assertThat(FAST.parse("off")).isFalse();
    assertThat(LANES.parse("8")).isEqualTo(8);
    assertThat(SEARCH.parse("first")).isEqualTo("first");
    assertThat(Setting.text("fake.folder", "a folder", "where").parse("/a")).isEqualTo("/a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0             | a number of bytes above 0, or one of KB, MB or GB such as 2GB
          2 GB          | a number of bytes above 0, or one of KB, MB or GB such as 2GB
          99999999999GB | less than 2^63 bytes
          """)
  void wrongAmountsAreRefused(String value, String expected) {
    assertRefused(MEMORY, value, expected);
  }

  @Test
  void wrongChoicesAreRefused() {
    assertRefused(FAST, "true", "on, off");
    assertRefused(SEARCH, "last", "all, first");
    assertRefused(LANES, "9", "a whole number from 1 to 8");
    assertRefused(LANES, "two", "a whole number from 1 to 8");
  }

  private static void assertRefused(Setting<?> setting, String value, String expected) {
    assertThatThrownBy(() -> setting.parse(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("setting %s: expected %s, found \"%s\"".formatted(setting, expected, value));
  }

  @Test
  void aDefaultIsAValue() {
    assertThat(FAST.defaultValue()).isEmpty();
    assertThat(FAST.withDefault("on").defaultValue()).hasValue("on");
    assertThatThrownBy(() -> FAST.withDefault("yes"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("setting fake.fast: expected on, off, found \"yes\"");
  }

  @Test
  void aNameBeginsWithABackends() {
    assertThatThrownBy(() -> Setting.onOff("fast", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a setting's name must be BACKEND.NAME, for example onnx.cuda.memory-limit, found \"fast\"");
  }
}
