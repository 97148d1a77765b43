package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.postprocess.Regions;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the page reads masks exactly, and cleans them as the library does. */
@ExtendWith(BrowserExtension.class)
class PlaygroundMaskTest {
  private static final int WIDTH = 61;
  private static final int HEIGHT = 47;
  private static final int VOID = 255;

  private static final String READ =
      """
      const {readPng} = await import('/playground/png.js');
      const bytes = Uint8Array.from(atob(given[0]), c => c.charCodeAt(0));
      return [...(await readPng(bytes.buffer)).samples];
      """;

  private final Browser browser;
  private final SegmentationServer server;

  PlaygroundMaskTest(Browser browser, SegmentationServer server) {
    this.browser = browser;
    this.server = server;
  }

  @BeforeEach
  void open() {
    browser.open(server.uri());
  }

  /** A mask with specks, some of which are void, on larger areas. */
  private static int[] categories(int classes, boolean hasVoid) {
    Random random = new Random(classes);
    return IntStream.range(0, WIDTH * HEIGHT)
        .map(
            i -> {
              int area = (i % WIDTH / 16 + i / WIDTH / 12 * 3) % classes;
              int chance = random.nextInt(10);
              return chance == 0 && hasVoid ? VOID : chance < 4 ? random.nextInt(classes) : area;
            })
        .toArray();
  }

  private int[] read(byte[] png) {
    return ints(browser.async(READ, Base64.getEncoder().encodeToString(png)));
  }

  private static int[] ints(@Nullable Object numbers) {
    assertThat(numbers).isInstanceOf(List.class);
    return ((List<?>) Objects.requireNonNull(numbers))
        .stream().mapToInt(number -> ((Number) number).intValue()).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16, 200, 300})
  void readsMasksOfSoManyClasses(int classes) throws IOException {
    int[] categories = categories(classes, false);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    PalettePng.write(CategoryMask.copyOf(WIDTH, HEIGHT, categories), Palette.voc(), png);

    assertThat(read(png.toByteArray())).isEqualTo(categories);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void undoesAllFiltersOfSamplesOfSoManyBytes(int bytes) throws IOException {
    byte[] samples = new byte[WIDTH * HEIGHT * bytes];
    new Random(bytes).nextBytes(samples);

    int[] expected =
        IntStream.range(0, WIDTH * HEIGHT)
            .map(
                i ->
                    bytes == 1
                        ? samples[i] & 0xff
                        : (samples[2 * i] & 0xff) << 8 | (samples[2 * i + 1] & 0xff))
            .toArray();
    assertThat(read(filtered(samples, bytes))).isEqualTo(expected);
  }

  /** A gray PNG whose rows are filtered in all five ways, one after the other. */
  private static byte[] filtered(byte[] samples, int bytes) throws IOException {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    int length = WIDTH * bytes;
    for (int y = 0; y < HEIGHT; y++) {
      rows.write(y % 5);
      for (int x = 0; x < length; x++) {
        int left = x < bytes ? 0 : samples[y * length + x - bytes] & 0xff;
        int up = y == 0 ? 0 : samples[(y - 1) * length + x] & 0xff;
        int corner = x < bytes || y == 0 ? 0 : samples[(y - 1) * length + x - bytes] & 0xff;
        int guess =
            switch (y % 5) {
              case 1 -> left;
              case 2 -> up;
              case 3 -> (left + up) / 2;
              case 4 -> nearest(left + up - corner, left, up, corner);
              default -> 0;
            };
        rows.write(samples[y * length + x] - guess);
      }
    }
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
      rows.writeTo(out);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(png);
    out.writeLong(0x89504e470d0a1a0aL);
    byte[] header = {0, 0, 0, WIDTH, 0, 0, 0, HEIGHT, (byte) (8 * bytes), 0, 0, 0, 0};
    writeChunk("IHDR", header, out);
    writeChunk("IDAT", deflated.toByteArray(), out);
    writeChunk("IEND", new byte[0], out);
    return png.toByteArray();
  }

  /** The first of the values that are nearest to the sought one. */
  private static int nearest(int sought, int... values) {
    int best = values[0];
    for (int value : values) {
      if (Math.abs(value - sought) < Math.abs(best - sought)) {
        best = value;
      }
    }
    return best;
  }

  private static void writeChunk(String type, byte[] data, DataOutputStream out)
      throws IOException {
    CRC32 sum = new CRC32();
    sum.update(type.getBytes(StandardCharsets.US_ASCII));
    sum.update(data);
    out.writeInt(data.length);
    out.writeBytes(type);
    out.write(data);
    out.writeInt((int) sum.getValue());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 9, 30, 5000})
  void mergesSmallRegionsAsTheLibraryDoes(int minimum) {
    int[] categories = categories(5, true);
    LabelMap labels = LabelMap.of(List.of("a", "b", "c", "d", "e"), VOID);
    CategoryMask expected =
        Regions.dropSmall(CategoryMask.copyOf(WIDTH, HEIGHT, categories), labels, minimum);

    Object merged =
        browser.async(
            """
            const {Regions} = await import('/playground/regions.js');
            const [classes, width, height, minimum, none] = given;
            const regions = new Regions(Uint16Array.from(classes), width, height);
            const target = new Uint16Array(classes.length);
            return [...regions.fill(regions.merged(minimum, none), target)];
            """,
            Arrays.stream(categories).boxed().toList(),
            WIDTH,
            HEIGHT,
            minimum,
            VOID);

    assertThat(ints(merged)).isEqualTo(expected.toIntArray());
  }
}
