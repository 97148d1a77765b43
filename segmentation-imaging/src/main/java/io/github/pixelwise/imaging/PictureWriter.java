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
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes one picture, completely or not at all, and replaces an existing file. */
final class PictureWriter {
  private PictureWriter() {}

  /** The part of a file's name after its last dot, in lower case; empty if there is none. */
  static String suffix(Path path) {
    Path name = path.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    return dot < 0 ? "" : text.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Writes a picture through ImageIO, in a format given by its ImageIO name. */
  static void write(BufferedImage image, String format, float quality, OutputStream out)
      throws IOException {
    // ImageIO.write would only return false if no writer takes the image.
    Iterator<ImageWriter> writers =
        ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), format);
    if (!writers.hasNext()) {
      throw new IOException("no ImageIO plug-in here can write this image as " + format);
    }
    ImageWriter writer = writers.next();
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(quality);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
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
