package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formats of overlays and cutouts. */
class FormatRunTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");

  @TempDir private Path folder;

  private Run run(Object... options) {
    return Run.of(
        Stream.concat(Stream.of("run", CAT, "-o", folder, "--force"), Stream.of(options))
            .toArray());
  }

  private Picture read(String name) throws IOException {
    return Images.readPicture(folder.resolve(name), Images.MAX_PIXELS);
  }

  /** The mean difference of samples where alpha is 255 in both, or there is none. */
  private static double difference(Picture picture, Picture other) {
    RgbImage a = picture.colors();
    RgbImage b = other.colors();
    AlphaMask alpha = picture.alpha().orElse(null);
    long sum = 0;
    long pixels = 0;
    for (int y = 0; y < a.height(); y++) {
      for (int x = 0; x < a.width(); x++) {
        if (alpha == null || alpha.alpha(x, y) == 255) {
          int p = a.rgb(x, y);
          int q = b.rgb(x, y);
          for (int shift = 0; shift <= 16; shift += 8) {
            sum += Math.abs((p >> shift & 0xff) - (q >> shift & 0xff));
          }
          pixels++;
        }
      }
    }
    return sum / 3.0 / pixels;
  }

  @ParameterizedTest
  @CsvSource({"jpg, 2.5", "webp, 2.5"})
  void overlaysAndCutoutsHaveTheFormatAskedFor(String format, double most) throws IOException {
    run("--write", "overlay,cutout", "--background", "#00ff00");
    Run run = run("--write", "mask,overlay,cutout", "--background", "#00ff00", "--format", format);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("3 files written");
    assertThat(folder.resolve("chelsea.mask.png")).exists();
    for (String name : List.of("chelsea.overlay.", "chelsea.cutout.")) {
      assertThat(difference(read(name + format), read(name + "png"))).isBetween(0.1, most);
    }
  }

  @Test
  void webpKeepsTheAlphaOfACutout() throws IOException {
    run("--write", "cutout");
    Run run = run("--write", "cutout", "--format", "webp");

    assertThat(run.err()).isEmpty();
    Picture webp = read("chelsea.cutout.webp");
    Picture png = read("chelsea.cutout.png");
    assertThat(webp.alpha()).isEqualTo(png.alpha()).isPresent();
    assertThat(difference(webp, png)).isBetween(0.1, 2.5);
  }

  @ParameterizedTest
  @CsvSource({"jpg", "webp"})
  void aLowerQualityGivesSmallerFiles(String format) throws IOException {
    run("--write", "overlay", "--format", format, "--quality", "100");
    long best = Files.size(folder.resolve("chelsea.overlay." + format));
    run("--write", "overlay", "--format", format);
    long usual = Files.size(folder.resolve("chelsea.overlay." + format));
    run("--write", "overlay", "--format", format, "--quality", "1");
    long worst = Files.size(folder.resolve("chelsea.overlay." + format));

    assertThat(usual).isBetween(2 * worst, best / 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--format gif | Invalid value for option '--format': expected png, jpg, or webp, found"
            + " \"gif\"",
        "--quality 0 | --quality must be 1 to 100, found 0",
        "--format jpg | --format jpg cannot be transparent. For the cutout, choose a --background,"
            + " such as '#ffffff' or blur, or --format webp; or leave the cutout out with --write"
            + " overlay"
      })
  void impossibleFormatsAreRejected(String options, String message) {
    Run run = run((Object[]) options.split(" ", -1));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aBackgroundWithHolesIsNoJpeg() {
    Path logo = Path.of("src/test/resources/io/github/pixelwise/cli/toy/logo.png");

    Run run = run("--write", "cutout,overlay", "--format", "jpg", "--background", logo);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            ("segment: %s: cannot write %s: a JPEG cannot be transparent. Put the cutout on an"
                    + " opaque background, or write PNG or WebP")
                .formatted(CAT, folder.resolve("chelsea.cutout.jpg")));
    assertThat(folder.resolve("chelsea.overlay.jpg")).exists();
  }

  @Test
  void aLegendMakesTheOverlayHigher() throws IOException {
    assertThat(run("--write", "overlay", "--legend").err()).isEmpty();

    RgbImage overlay = read("chelsea.overlay.png").colors();
    assertThat(overlay.width()).isEqualTo(451);
    assertThat(overlay.height()).isGreaterThan(300);
  }

  @Test
  void optionsWithoutEffectAreNamed() {
    assertThat(run("--write", "mask", "--legend").err())
        .endsWith("no effect on what is written: --legend%n".formatted());
    assertThat(run("--write", "mask", "--format", "jpg", "--quality", "5").err())
        .endsWith("no effect on what is written: --format, --quality%n".formatted());
    assertThat(run("--write", "overlay", "--quality", "5").err())
        .endsWith("no effect on what is written: --quality%n".formatted());
  }

  @Test
  void ownPicturesAreNoPhotos() throws IOException {
    Path photo = Files.copy(CAT, folder.resolve("cat.png"));
    for (String format : List.of("png", "jpg", "webp")) {
      Run.of("run", photo, "--write=overlay,cutout", "--background=blur", "--format=" + format);
    }

    PhotographFinder finder = new PhotographFinder(null);
    finder.add(folder);
    assertThat(finder.photographs()).extracting(Photograph::source).containsExactly(photo);
  }
}
