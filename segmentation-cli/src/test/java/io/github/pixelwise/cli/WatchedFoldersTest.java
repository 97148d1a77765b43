package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchedFoldersTest {
  private static final Path TOY = Path.of("src/test/resources/io/github/pixelwise/cli/toy");

  @TempDir private Path folder;
  private final List<String> problems = new ArrayList<>();
  private Path photos;
  private WatchedFolders watched;

  @BeforeEach
  void watch() {
    photos = folder.resolve("photos");
    watched =
        new WatchedFolders(
            List.of(photos),
            folder.resolve("out"),
            new Outputs(Set.of(Product.MASK), null, PictureFormat.PNG, false),
            problems::add);
  }

  private List<String> look() {
    return watched.look().stream().map(Photograph::name).toList();
  }

  private Path photo(String name) throws IOException {
    Path file = photos.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.copy(TOY.resolve("photo.png"), file);
  }

  @Test
  void photosAreReturnedOnceWhenTheyAreComplete() throws IOException {
    photo("a.png");
    assertThat(look()).isEmpty();
    photo("sub/b.png");
    assertThat(look()).containsExactly("a.png");
    assertThat(look()).containsExactly("sub/b.png");
    assertThat(look()).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void aFileThatGrowsIsNotComplete() throws IOException {
    byte[] all = Files.readAllBytes(TOY.resolve("photo.png"));
    Path file = photos.resolve("a.png");
    Files.createDirectories(photos);
    Files.createFile(file);
    look();
    assertThat(look()).as("an empty file").isEmpty();
    FileTime time = Files.getLastModifiedTime(file);
    for (int i = 0; i < 3; i++) {
      byte[] part = Arrays.copyOfRange(all, i * all.length / 3, (i + 1) * all.length / 3);
      Files.write(file, part, StandardOpenOption.APPEND);
      Files.setLastModifiedTime(file, time); // only its size tells
      assertThat(look()).isEmpty();
    }
    assertThat(look()).containsExactly("a.png");
  }

  @Test
  void aFileWhoseTimeChangesIsNotComplete() throws IOException {
    Path file = photo("a.png");
    look();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThat(look()).isEmpty();
    assertThat(look()).containsExactly("a.png");
  }

  @Test
  void aPhotoThatIsReplacedIsReturnedAgain() throws IOException {
    Path file = photo("a.png");
    look();
    look();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    look();
    assertThat(look()).containsExactly("a.png");

    Files.delete(file);
    assertThat(look()).isEmpty();
    photo("a.png");
    look();
    assertThat(look()).containsExactly("a.png");
  }

  @Test
  void whatIsWrongIsToldOnceUntilItChanges() throws IOException {
    look();
    look();
    assertThat(problems).containsExactly(photos + ": there is no such file or folder");

    problems.clear();
    Files.createDirectories(photos);
    look();
    assertThat(problems).as("a folder may be empty").isEmpty();

    photo("a.png");
    Path other = photos.resolve("a.PNG");
    Files.copy(TOY.resolve("photo.png"), other);
    look();
    assertThat(look()).isEmpty();
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("would both write")
        .endsWith(" Until then, nothing is segmented.");
    Files.delete(other);
    look();
    assertThat(look()).containsExactly("a.png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--write summary | coco, cvat, and summary are written when all photos are there. Write"
            + " them later, without --watch",
        "-o - --write mask | --watch takes folders, and writes to a folder",
      })
  void someOptionsNeedAnEnd(String options, String message) throws IOException {
    photo("a.png");
    List<Object> args = new ArrayList<>(List.of("run", photos, "--watch"));
    args.addAll(List.of(options.split(" ", -1)));

    Run run = Run.of(args.toArray());

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message);
  }
}
