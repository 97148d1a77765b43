package io.github.pixelwise.testkit;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Model cards with every combination of keys, and the masks that Pillow, OpenCV and NumPy make from
 * them. {@code src/test/python/card_matrix_golden.py} defines the combinations and generates this
 * class's files.
 */
final class CardMatrix {
  /** Marks pixels whose classes are too close for a definite answer. */
  static final int UNDECIDED = 254;

  /** The names of the photographs, which are of different sizes. */
  static final List<String> PHOTOS = List.of("landscape", "portrait", "wide");

  /**
   * One card.
   *
   * @param name the model's name
   * @param card the card's text
   * @param photo the photograph it is applied to
   * @param source the mask of the photograph's size
   * @param model the mask of the network's input
   */
  record Case(String name, String card, RgbImage photo, CategoryMask source, CategoryMask model) {
    @Override
    public String toString() {
      return name;
    }

    /** Writes the card beside its network. */
    Path writeInto(Path folder) throws IOException {
      return Files.writeString(folder.resolve(name + ".properties"), card);
    }
  }

  private CardMatrix() {}

  /** Reads all cases. */
  static List<Case> cases() {
    Map<String, RgbImage> photos = new HashMap<>();
    PHOTOS.forEach(name -> photos.put(name, photo(name)));
    List<Case> cases = new ArrayList<>();
    try (InputStream cardsIn = new GZIPInputStream(open("cards.gz"));
        DataInputStream masks = new DataInputStream(new GZIPInputStream(open("masks.gz")))) {
      String cards = new String(cardsIn.readAllBytes(), StandardCharsets.UTF_8);
      for (String titled : cards.substring("== ".length()).split("\n== ", -1)) {
        String[] titleAndCard = titled.split("\n", 2);
        RgbImage photo = Objects.requireNonNull(photos.get(titleAndCard[0]), titled);
        String card = titleAndCard[1];
        String name = card.substring("name = ".length(), card.indexOf('\n'));
        CategoryMask source = mask(masks, photo.width(), photo.height());
        CategoryMask model = mask(masks, masks.readUnsignedByte(), masks.readUnsignedByte());
        cases.add(new Case(name, card, photo, source, model));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  private static CategoryMask mask(DataInputStream in, int width, int height) throws IOException {
    byte[] categories = new byte[width * height];
    in.readFully(categories);
    return CategoryMask.of(width, height, categories);
  }

  /** Reads one of {@link #PHOTOS}. */
  static RgbImage photo(String name) {
    try (InputStream in = open(name + ".png")) {
      return Images.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the networks into a folder, in every format. */
  static void extractNetworks(Path folder) throws IOException {
    extract("networks.zip", folder);
    extract("torchscript.zip", folder);
  }

  private static void extract(String archive, Path folder) throws IOException {
    try (ZipInputStream in = new ZipInputStream(open(archive))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Files.copy(in, folder.resolve(entry.getName()));
      }
    }
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(CardMatrix.class.getResourceAsStream("matrix/" + file), file);
  }
}
