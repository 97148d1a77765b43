package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of docs/images.md, row by row, on the files that {@code
 * src/test/python/formats_golden.py} made.
 */
class FormatsTest {
  private static final Map<String, String[]> FILES = files();
  private static final List<List<String>> ROWS = rows();

  /** The fields of each line after its title: width, height, pixels, file. */
  private static Map<String, String[]> files() {
    Map<String, String[]> files = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(FormatsTest.class.getResourceAsStream("formats-golden.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\\|", -1))
          .forEach(fields -> files.put(fields[0], fields));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return files;
  }

  /** The cells of the rows of both tables, without headers. */
  private static List<List<String>> rows() {
    try (Stream<String> lines = Files.lines(Path.of("../docs/images.md"))) {
      return lines
          .filter(line -> line.startsWith("| ") && !line.startsWith("| file |"))
          .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
          .map(cells -> cells.subList(1, cells.size() - 1))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<List<String>> rowsThatAreRead() {
    return ROWS.stream().filter(row -> row.size() == 4);
  }

  static Stream<List<String>> rowsThatAreNotRead() {
    return ROWS.stream().filter(row -> row.size() == 2);
  }

  @Test
  void hasAFileForEveryRowAndARowForEveryFile() {
    assertThat(ROWS.stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(FILES.keySet())
        .hasSizeGreaterThan(60);
  }

  @ParameterizedTest
  @MethodSource("rowsThatAreRead")
  void readsEveryFileAsItsRowSays(List<String> row) throws IOException {
    requirePixels(row);
  }

  @ParameterizedTest
  @MethodSource("rowsThatAreRead")
  void readsEveryFileAsItsRowSaysWithoutPlugIns(List<String> row) throws IOException {
    List<ImageReaderSpi> plugIns = removePlugIns();
    try {
      if (row.get(2).startsWith("error: add ")) {
        String plugIn = row.get(2).substring("error: add ".length());
        requireFailure(
            row,
            "Add com.twelvemonkeys.imageio:%s to the class path, or convert it to PNG or JPEG."
                .formatted(plugIn));
      } else if (row.get(2).equals("the same, or an error on older JDKs") && !jdkReadsCmyk()) {
        requireFailure(
            row,
            "Add com.twelvemonkeys.imageio:imageio-jpeg to the class path, or convert it to PNG or"
                + " JPEG.");
      } else {
        assertThat(row.get(2)).startsWith("the same");
        requirePixels(row);
      }
    } finally {
      plugIns.forEach(IIORegistry.getDefaultInstance()::registerServiceProvider);
    }
  }

  @ParameterizedTest
  @MethodSource("rowsThatAreNotRead")
  void reportsTheErrorInTheRow(List<String> row) {
    requireFailure(row, row.get(1));
  }

  private static boolean jdkReadsCmyk() {
    try {
      read("JPEG, CMYK");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static RgbImage read(String title) throws IOException {
    return Images.read(new ByteArrayInputStream(decode(title, 4)));
  }

  private static byte[] decode(String title, int field) {
    return Base64.getDecoder().decode(Objects.requireNonNull(FILES.get(title), title)[field]);
  }

  private static void requirePixels(List<String> row) throws IOException {
    String title = row.get(0);
    String[] fields = Objects.requireNonNull(FILES.get(title), title);
    int levels = Integer.parseInt(row.get(3));
    RgbImage image = read(title);
    assertThat(image.width()).isEqualTo(Integer.parseInt(fields[1]));
    assertThat(image.height()).isEqualTo(Integer.parseInt(fields[2]));
    byte[] actual = image.toByteArray();
    byte[] expected = decode(title, 3);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(Math.abs((actual[i] & 0xff) - (expected[i] & 0xff)))
          .as("sample %d", i)
          .isLessThanOrEqualTo(levels);
    }
  }

  private static void requireFailure(List<String> row, String end) {
    assertThatThrownBy(() -> read(row.get(0)))
        .isInstanceOf(UnreadablePictureException.class)
        .hasMessageStartingWith("cannot read the picture: ")
        .hasMessageEndingWith(end);
  }

  /** Removes all readers except the JDK's, and returns them. */
  private static List<ImageReaderSpi> removePlugIns() {
    IIORegistry registry = IIORegistry.getDefaultInstance();
    List<ImageReaderSpi> plugIns = new ArrayList<>();
    Iterator<ImageReaderSpi> all = registry.getServiceProviders(ImageReaderSpi.class, true);
    all.forEachRemaining(plugIns::add);
    plugIns.removeIf(plugIn -> plugIn.getClass().getName().startsWith("com.sun."));
    assertThat(plugIns.stream().map(plugIn -> plugIn.getClass().getSimpleName()))
        .contains("JPEGImageReaderSpi", "WebPImageReaderSpi");
    plugIns.forEach(registry::deregisterServiceProvider);
    return plugIns;
  }
}
