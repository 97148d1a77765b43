package io.github.pixelwise.products;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapPositionTest {
  /** Half a meter for each pixel; the center of the first is at (1000.25, 1999.75). */
  private static final String WORLD = "0.5\n0\n0\n-0.5\n1000.25\n1999.75\n";

  @TempDir private Path folder;

  /** A file whose content is that of no TIFF. */
  private Path photo(String name) throws IOException {
    return Files.write(folder.resolve(name), new byte[8]);
  }

  private String geoJson(Path photo) throws IOException {
    Picture red = new Picture(RgbImage.of(2, 1, new byte[] {-1, 0, 0, 0, 0, 0}), Optional.empty());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Recipe.builder()
        .build()
        .apply(new FakeSegmenter("background", "cat", "dog"), red)
        .withMapOf(photo)
        .write(Product.GEOJSON, out);
    return out.toString(UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "photo.tif, photo.tfw",
    "photo.tif, photo.tifw",
    "photo.jpg, photo.jgw",
    "photo.JPG, photo.JGW",
    "photo.jpeg, photo.jgw",
    "photo.jpeg, photo.jpegw",
    "my.photo.png, my.photo.pgw",
    "photo.png, photo.wld",
    "photo.png, photo.WLD"
  })
  void aWorldFileBesideAPhotographGivesMapCoordinates(String photo, String world)
      throws IOException {
    Files.writeString(folder.resolve(world), WORLD);
    Path file = photo(photo);

    assertThat(MapPosition.find(file))
        .hasValueSatisfying(found -> assertThat(found.source()).endsWith(world));
    assertThat(geoJson(file))
        .as("counterclockwise, from the upper left corner")
        .contains("[[[1000,2000],[1000,1999.5],[1000.5,1999.5],[1000.5,2000],[1000,2000]]]");
  }

  @Test
  void withoutOneCoordinatesArePixels() throws IOException {
    Files.writeString(folder.resolve("other.tfw"), WORLD);
    Files.createDirectory(folder.resolve("photo.wld"));

    assertThat(MapPosition.find(photo("photo.tif"))).isEmpty();
    assertThat(MapPosition.find(photo("photo"))).isEmpty();
    assertThat(MapPosition.find(photo("photo."))).isEmpty();
    assertThat(geoJson(photo("photo.tif"))).contains("[[[0,0],[1,0],[1,1],[0,1],[0,0]]]");
  }

  @Test
  void aBrokenOneIsNamed() throws IOException {
    Path world = Files.writeString(folder.resolve("photo.tfw"), "0.5 0 0");

    assertThatThrownBy(() -> geoJson(photo("photo.tif")))
        .isInstanceOf(IOException.class)
        .hasMessage("%s: expected the six numbers of a world file: found 3", world);
  }
}
