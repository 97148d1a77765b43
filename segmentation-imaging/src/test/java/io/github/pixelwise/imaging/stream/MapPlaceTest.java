package io.github.pixelwise.imaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where pictures lie on the map, by their tags and by world files. */
class MapPlaceTest {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  @TempDir Path folder;

  static Stream<List<String>> golden() {
    return GoldenStream.lines("geo-golden.txt").stream().map(line -> List.of(line.split(" ", -1)));
  }

  private static byte[] file(String name) {
    List<String> fields =
        golden().filter(line -> line.get(0).equals(name)).findFirst().orElseThrow();
    return GoldenStream.inflate(fields.get(8));
  }

  private Path write(String name, byte[] file) throws IOException {
    return Files.write(folder.resolve(name), file);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void isWhereGdalFindsIt(List<String> fields) throws IOException {
    Path file = write("photo.tif", GoldenStream.inflate(fields.get(8)));
    MapPlace place = MapPlace.read(file).orElseThrow();
    double[] found = {
      place.originX(), place.columnX(), place.rowX(), place.originY(), place.columnY(), place.rowY()
    };
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(Double.parseDouble(fields.get(1 + i)), within(1e-9));
    }
    assertThat(place.crs().map(String::valueOf).orElse("-")).isEqualTo(fields.get(7));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theMaskLiesWhereThePictureDoes(List<String> fields) throws IOException {
    Path file = write("photo.tif", GoldenStream.inflate(fields.get(8)));
    GeoTags tags = GeoTags.read(file).orElseThrow();
    Path mask = folder.resolve("mask.tif");
    MaskLayout layout = MaskLayout.of(4, 3, 2, Palette.voc()).withGeoTags(tags);
    try (MaskTiff out = MaskTiff.create(mask, layout)) {
      out.take(0, CategoryMask.of(4, 3, new byte[12]));
    }
    assertThat(MapPlace.read(mask)).isEqualTo(MapPlace.read(file));
    List<TiffField> copied = GeoTags.read(mask).orElseThrow().fields();
    assertThat(copied).hasSameSizeAs(tags.fields());
    for (int i = 0; i < copied.size(); i++) {
      TiffField before = tags.fields().get(i).in(ORDER);
      assertThat(copied.get(i).tag()).isEqualTo(before.tag());
      assertThat(copied.get(i).type()).isEqualTo(before.type());
      assertThat(copied.get(i).value()).isEqualTo(before.value());
    }
  }

  @Test
  void picturesWithoutTagsAndWorldFileLieNowhere() throws IOException {
    Path tiff = write("photo.tif", GoldenStream.named("bigtiff-tiles").file());
    assertThat(MapPlace.read(tiff)).isEmpty();
    assertThat(GeoTags.read(tiff)).isEmpty();
    Path png = write("photo.png", GoldenStream.named("png-rgb").file());
    assertThat(MapPlace.read(png)).isEmpty();
    assertThat(GeoTags.read(png)).isEmpty();
  }

  private static TiffField doubles(int tag, double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ORDER);
    for (double value : values) {
      buffer.putDouble(value);
    }
    return new TiffField(tag, TiffField.DOUBLE, buffer.array(), ORDER);
  }

  private Path tiff(TiffField... fields) throws IOException {
    List<TiffField> all = new ArrayList<>(List.of(fields));
    all.add(TiffField.shorts(TiffGrid.BITS, ORDER, 8));
    byte[] file = SmallTiff.of(ORDER, all, false, 4, 3, 4, 3, List.of(new byte[12]));
    return write("photo.tif", file);
  }

  private static TiffField keys(int... values) {
    return TiffField.shorts(GeoTags.KEYS, ORDER, values);
  }

  private void requireFailure(Path picture, String why) {
    assertThatThrownBy(() -> MapPlace.read(picture))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read the map coordinates of %s: %s", picture, why);
  }

  @Test
  void tagsOfWrongCountsAreNamed() throws IOException {
    requireFailure(
        tiff(doubles(GeoTags.TRANSFORMATION, new double[12])),
        "its tag 34264 must have 16 numbers of type 12, found 12 of type 12");
    requireFailure(
        tiff(doubles(GeoTags.SCALE, 1), doubles(GeoTags.TIE_POINTS, 0, 0, 0, 0, 0, 0)),
        "its tag 33550 must have 2 to 3 numbers of type 12, found 1 of type 12");
    requireFailure(
        tiff(doubles(GeoTags.SCALE, 1, 1, 0), doubles(GeoTags.TIE_POINTS, 0, 0, 0)),
        "its tag 33922 must have 6 or more numbers of type 12, found 3 of type 12");
    requireFailure(
        tiff(
            doubles(GeoTags.SCALE, 1, 1, 0),
            TiffField.shorts(GeoTags.TIE_POINTS, ORDER, 0, 0, 0, 0, 0, 0)),
        "its tag 33922 must have 6 or more numbers of type 12, found 6 of type 3");
    requireFailure(
        tiff(keys(1, 1, 0, 2, 1024, 0, 1, 1)), "its tag 34735 must have 12 numbers, found 8");
  }

  @Test
  void pixelsWithoutAreaAreNamed() throws IOException {
    requireFailure(
        tiff(doubles(GeoTags.SCALE, 0, 0, 0), doubles(GeoTags.TIE_POINTS, 0, 0, 0, 1, 1, 0)),
        "its tag 33550 is wrong: map coordinates must give pixels an area, found 0");
    requireFailure(
        tiff(
            doubles(GeoTags.SCALE, 1, 1, 0),
            doubles(GeoTags.TIE_POINTS, 0, 0, 0, Double.NaN, 1, 0)),
        "its tag 33550 is wrong: map coordinates must be finite numbers");
  }

  @Test
  void controlPointsAloneAreNoPlace() throws IOException {
    assertThat(MapPlace.read(tiff(doubles(GeoTags.TIE_POINTS, new double[18])))).isEmpty();
  }

  /** Runs something, and returns the warnings that it logs. */
  private static List<String> warnings(Class<?> type, Runnable work) {
    List<String> warnings = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            warnings.add(MessageFormat.format(entry.getMessage(), entry.getParameters()));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(type.getName());
    logger.addHandler(handler);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
    }
    return warnings;
  }

  private static Optional<MapPlace> read(Path picture) {
    try {
      return MapPlace.read(picture);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aScaleCountsIfATransformationDisagrees() throws IOException {
    double[] matrix = {2, 0, 0, 100, 0, -2, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1};
    TiffField scale = doubles(GeoTags.SCALE, 2, 2, 0);
    TiffField tie = doubles(GeoTags.TIE_POINTS, 0, 0, 0, 100, 200, 0);
    Path same = tiff(scale, tie, doubles(GeoTags.TRANSFORMATION, matrix));
    assertThat(warnings(GeoKeys.class, () -> read(same))).isEmpty();

    matrix[0] = 3;
    Path other = tiff(scale, tie, doubles(GeoTags.TRANSFORMATION, matrix));
    assertThat(warnings(GeoKeys.class, () -> read(other)))
        .containsExactly(
            other
                + " has a scale and a transformation to the map that disagree. The scale counts.");
    assertThat(read(other).orElseThrow().columnX()).isEqualTo(2);
  }

  @Test
  void aTiePointNeedNotBeTheCorner() throws IOException {
    Path file =
        tiff(doubles(GeoTags.SCALE, 2, 3, 0), doubles(GeoTags.TIE_POINTS, 10, 20, 0, 100, 200, 0));
    assertThat(MapPlace.read(file)).contains(new MapPlace(80, 260, 2, 0, 0, -3, Optional.empty()));
  }

  private Path worldFile(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @CsvSource({
    "photo.tif, photo.tfw",
    "photo.tif, photo.tifw",
    "photo.tif, photo.wld",
    "photo.tif, photo.TFW",
    "photo.tiff, photo.tfw",
    "photo.jpg, photo.jgw",
    "photo.jpeg, photo.jgw",
    "photo.jpeg, photo.jpegw",
    "photo.png, photo.pgw",
    "photo.PNG, photo.pgw",
    "photo, photo.wld"
  })
  void aWorldFileBesideThePictureGivesItsFirstPixelsCenter(String picture, String name)
      throws IOException {
    Path file = write(picture, GoldenStream.named("png-rgb").file());
    worldFile(name, "2\n0.5\n-0.25\n-4\n100\n200\n");
    assertThat(MapPlace.read(file))
        .contains(new MapPlace(99.125, 201.75, 2, 0.5, -0.25, -4, Optional.empty()));
  }

  @Test
  void tagsCountIfAWorldFileDisagrees() throws IOException {
    Path file = write("photo.tif", file("area"));
    Path worldFile = worldFile("photo.tfw", "10\n0\n0\n-10\n500005.5\n3999995.25\n");
    assertThat(warnings(MapPlace.class, () -> read(file))).isEmpty();

    worldFile("photo.tfw", "10\n0\n0\n-10\n500000.5\n4000000.25\n"); // the corner, not the center
    assertThat(warnings(MapPlace.class, () -> read(file)))
        .containsExactly(
            "%s lies elsewhere on the map than %s says. The tags in the picture count."
                .formatted(file, worldFile));
    assertThat(read(file).orElseThrow().originX()).isEqualTo(500000.5);
  }

  @Test
  void aBrokenWorldFileIsNamed() throws IOException {
    Path file = write("photo.png", GoldenStream.named("png-rgb").file());
    Path worldFile = worldFile("photo.pgw", "1 2 3");
    assertThatThrownBy(() -> MapPlace.read(file))
        .hasMessage("%s: expected the six numbers of a world file: found 3", worldFile);
    worldFile("photo.pgw", "1 0 0 0 5 5");
    assertThatThrownBy(() -> MapPlace.read(file))
        .hasMessage(
            "%s: expected the six numbers of a world file: map coordinates must give pixels an"
                + " area, found 0",
            worldFile);
  }

  @Test
  void aWorldFileIsCopiedUnderTheMasksName() throws IOException {
    Path picture = folder.resolve("photo.jpg");
    String text = "2\r\n0\r\n0\r\n-2\r\n1\r\n1\r\n";
    worldFile("photo.JGW", text);
    Path out = Files.createDirectory(folder.resolve("out"));
    assertThat(WorldFile.copy(picture, out.resolve("photo.tif")))
        .contains(out.resolve("photo.tfw"));
    assertThat(out.resolve("photo.tfw")).hasContent(text);
    assertThat(WorldFile.copy(picture, out.resolve("photo.png")))
        .contains(out.resolve("photo.pgw"));
    assertThat(WorldFile.copy(folder.resolve("other.jpg"), out.resolve("other.tif"))).isEmpty();
  }
}
