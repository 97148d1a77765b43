package io.github.pixelwise.imaging;

import io.github.pixelwise.internal.file.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes one picture, completely or not at all, and replaces an existing file. */
final class PictureWriter {
  /** The highest quality of a JPEG whose colors have half the resolution of brightness. */
  private static final float HALF_COLORS = 0.9f;

  private PictureWriter() {}

  /** The part of a file's name after its last dot, in lower case; empty if there is none. */
  static String suffix(Path path) {
    Path name = path.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    return dot < 0 ? "" : text.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  static void writeJpeg(BufferedImage image, double quality, OutputStream out) throws IOException {
    requireQuality(quality);
    requireSides("JPEG", 65_500, image); // as libjpeg limits them
    write(image, "jpeg", (float) quality, out);
    out.flush();
  }

  static void writeWebp(BufferedImage image, double quality, OutputStream out) throws IOException {
    requireQuality(quality);
    requireSides("WebP", 16_383, image); // 14 bits
    write(image, "webp", (float) quality, out);
    out.flush();
  }

  private static void requireQuality(double quality) {
    if (!(quality >= 0 && quality <= 1)) {
      throw new IllegalArgumentException("quality must lie in 0..1, found " + quality);
    }
  }

  private static void requireSides(String format, int most, BufferedImage image) {
    if (Math.max(image.getWidth(), image.getHeight()) > most) {
      throw new IllegalArgumentException(
          "a side of a %s has at most %d pixels, found %d x %d; write PNG instead"
              .formatted(format, most, image.getWidth(), image.getHeight()));
    }
  }

  /** Writes a picture through ImageIO, in a format given by its ImageIO name. */
  static void write(BufferedImage image, String format, float quality, OutputStream out)
      throws IOException {
    // ImageIO.write would only return false if no writer takes the image.
    Iterator<ImageWriter> writers =
        ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), format);
    if (!writers.hasNext()) {
      throw new IOException(
          "no ImageIO plug-in here can write this image as %s%s"
              .formatted(
                  format,
                  format.equals("webp")
                      ? "; add com.github.usefulness:webp-imageio to the class path"
                      : ""));
    }
    ImageWriter writer = writers.next();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      IIOMetadata metadata = null;
      if (param.canWriteCompressed() && !format.equals("bmp")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        if (format.equals("webp")) {
          param.setCompressionType("Lossy");
        }
        param.setCompressionQuality(quality);
      }
      if (format.equals("jpeg") && quality > HALF_COLORS) {
        metadata = withFullColors(writer, image, param);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, metadata), param);
    } finally {
      writer.dispose();
    }
  }

  /** Metadata whose first component, luma, has the resolution of the others. */
  private static IIOMetadata withFullColors(
      ImageWriter writer, BufferedImage image, ImageWriteParam param) throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), param);
    String format = metadata.getNativeMetadataFormatName();
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
    IIOMetadataNode luma = (IIOMetadataNode) root.getElementsByTagName("componentSpec").item(0);
    luma.setAttribute("HsamplingFactor", "1");
    luma.setAttribute("VsamplingFactor", "1");
    metadata.setFromTree(format, root);
    return metadata;
  }

  static void writeGray(String what, Path path, AtomicFile.Content content) throws IOException {
    if (!suffix(path).equals("png")) {
      throw new IllegalArgumentException(
          path + ": the name of a file for " + what + " must end in .png");
    }
    write(path, content);
  }

  static void write(Path path, AtomicFile.Content content) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(
          "cannot write %s: there is no folder %s. Create it first.".formatted(path, folder));
    }
    try {
      AtomicFile.write(path, content);
    } catch (IOException | RuntimeException e) {
      throw new IOException("cannot write %s: %s".formatted(path, e), e);
    }
  }
}
