package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a folder are photographs. */
class PhotographListingTest {
  @TempDir private Path folder;

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[name.length()]);
    }
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private List<ListedPhotograph> list(Path input, String output) throws IOException {
    PhotographListing listing =
        new PhotographListing(
            hadoop(input),
            new org.apache.hadoop.fs.Path("file:" + folder.resolve(output)),
            new Configuration());
    List<ListedPhotograph> photographs = new ArrayList<>();
    while (listing.hasNext()) {
      photographs.add(listing.next());
    }
    return photographs;
  }

  private List<String> names() throws IOException {
    return list(folder, "out").stream().map(ListedPhotograph::name).toList();
  }

  @Test
  void picturesOfAllFoldersWithTheirSizes() throws IOException {
    write("a.jpg", "2024/b.PNG", "2024/may/c d.tiff", "2024/e+%20#f.webp");

    assertThat(list(folder, "out"))
        .containsExactlyInAnyOrder(
            new ListedPhotograph("file:" + folder.resolve("a.jpg"), "a.jpg", 5),
            new ListedPhotograph("file:" + folder.resolve("2024/b.PNG"), "2024/b.PNG", 10),
            new ListedPhotograph(
                "file:" + folder.resolve("2024/may/c d.tiff"), "2024/may/c d.tiff", 17),
            new ListedPhotograph(
                "file:" + folder.resolve("2024/e+%20#f.webp"), "2024/e+%20#f.webp", 17));
  }

  @Test
  void picturesThatCannotBeReadGetARowToo() throws IOException {
    write("raw.NEF", "phone.heic");

    assertThat(names()).containsExactlyInAnyOrder("raw.NEF", "phone.heic");
  }

  @Test
  void otherFilesAreLeftOut() throws IOException {
    write("a.jpg", "notes.txt", "a.json", "film.mp4", "jpg", "photos.parquet/part-0.parquet");

    assertThat(names()).containsExactly("a.jpg");
  }

  @Test
  void hiddenFilesAndFoldersAreLeftOut() throws IOException {
    write("a.jpg", ".b.jpg", ".thumbnails/c.jpg", "_temporary/0/d.jpg");

    assertThat(names()).containsExactly("a.jpg");
  }

  @Test
  void anUnderscoreHidesNoPhoto() throws IOException {
    write("_DSC0001.JPG", "_edited/_MG_0002.jpg");

    assertThat(names()).containsExactlyInAnyOrder("_DSC0001.JPG", "_edited/_MG_0002.jpg");
  }

  @Test
  void theOutputFolderIsLeftOut() throws IOException {
    write("a.jpg", "out/a.mask.png", "out/more/b.png", "2024/out/c.jpg");

    assertThat(names()).containsExactlyInAnyOrder("a.jpg", "2024/out/c.jpg");
  }

  @Test
  void aSinglePhoto() throws IOException {
    write("2024/a.jpg", "2024/b.jpg");
    Path photo = folder.resolve("2024/a.jpg");

    assertThat(list(photo, "out"))
        .containsExactly(new ListedPhotograph("file:" + photo, "a.jpg", 10));
  }

  @Test
  void anEmptyFolderHasNone() throws IOException {
    Files.createDirectories(folder.resolve("empty/below"));

    assertThat(names()).isEmpty();
  }

  @Test
  void aMissingFolderIsAnError() {
    assertThatThrownBy(() -> list(folder.resolve("none"), "out"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining(folder.resolve("none").toString());
  }

  @Test
  void photosOfOneNameFollowEachOther() throws IOException {
    for (int i = 0; i < 200; i++) {
      write(i * 7919 % 1000 + ".png", i * 7919 % 1000 + ".jpg");
    }

    List<String> stems = names().stream().map(FileSink::stem).toList();

    for (int i = 0; i < stems.size(); i += 2) {
      assertThat(stems.get(i)).isEqualTo(stems.get(i + 1));
    }
  }
}
