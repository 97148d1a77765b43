package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Compositing;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Photos of any size, enlarged from those in {@code examples/photos}. */
final class Photographs {
  private static final float QUALITY = 0.9f;

  private Photographs() {}

  /**
   * The examples' photos as JPEG files of one size.
   *
   * @param folder the folder to write to
   */
  static List<Path> jpegs(int width, int height, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (Path source : examples()) {
      String name = source.getFileName().toString().replace(".png", ".jpg");
      files.add(folder.resolve(name));
      writeJpeg(enlarged(Images.read(source), width, height), folder.resolve(name));
    }
    return files;
  }

  /** One of the examples' photos in any size. */
  static RgbImage of(int width, int height) throws IOException {
    return enlarged(Images.read(examples().get(0)), width, height);
  }

  /** All of the examples' photos in any size. */
  static List<RgbImage> all(int width, int height) throws IOException {
    List<RgbImage> photos = new ArrayList<>();
    for (Path photo : examples()) {
      photos.add(enlarged(Images.read(photo), width, height));
    }
    return photos;
  }

  private static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Main.home().resolve("examples/photos"))) {
      return files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
  }

  /** Scales a photo to cover a size, as backgrounds are. */
  private static RgbImage enlarged(RgbImage photo, int width, int height) {
    RgbImage canvas = RgbImage.of(width, height, new byte[width * height * 3]);
    AlphaMask nothing = AlphaMask.of(width, height, new byte[width * height]);
    return Compositing.over(canvas, nothing, photo);
  }

  private static void writeJpeg(RgbImage photo, Path file) throws IOException {
    BufferedImage image = Images.toBufferedImage(photo);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    Files.deleteIfExists(file);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
    } finally {
      writer.dispose();
    }
  }
}
