package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** File names of clients are never trusted. */
class PhotoNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cat.png | cat",
        "a cat.of.mine.jpeg | a cat.of.mine",
        "über katze (1).JPG | über katze (1)",
        "../../etc/cron.d/evil.png | evil",
        "..\\..\\windows\\evil.png | evil",
        "/etc/passwd | passwd",
        "C:\\x | x",
        "... | photo",
        "'' | photo",
        "a/ | photo",
        ".hidden | hidden",
        "a;b\"c<d>.png | a_b_c_d_",
        "CON.png | CON"
      })
  void keepsWhatIsSafe(String name, String stem) {
    assertThat(PhotoName.of(name)).isEqualTo(stem);
  }

  @Test
  void replacesLineBreaksAndZeros() {
    assertThat(PhotoName.of("a\r\nSet-Cookie: b\0.png")).isEqualTo("a__Set-Cookie_ b_");
  }

  @Test
  void shortensLongNames() {
    assertThat(PhotoName.of("a".repeat(500) + ".png")).isEqualTo("a".repeat(100));
    assertThat(PhotoName.of("a".repeat(99) + "\ud840\udc00.png")).isEqualTo("a".repeat(99));
  }
}
