package io.github.pixelwise.awt;

import io.github.pixelwise.internal.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
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

/** Writes one picture through ImageIO, whole or not at all. */
final class PictureWriter {
  private static final float JPEG_QUALITY = 0.9f;

  private PictureWriter() {}

  /** The part of a file's name after its last dot, in lower case; empty if there is none. */
  static String suffix(Path path) {
    Path name = path.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.lastIndexOf('.');
    return dot < 0 ? "" : text.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Writes a picture, in place of any file of that name, in a format that ImageIO names so. */
  static void write(BufferedImage image, String format, Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(
          "cannot write %s: there is no folder %s. Create it first.".formatted(path, folder));
    }
    // ImageIO.write would report with a mere false that no writer takes the image.
    Iterator<ImageWriter> writers =
        ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), format);
    if (!writers.hasNext()) {
      throw new IOException(
          "cannot write %s: no ImageIO plug-in here writes such an image as %s. Name a .png file."
              .formatted(path, format));
    }
    ImageWriter writer = writers.next();
    try {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(JPEG_QUALITY);
      }
      AtomicFile.write(
          path,
          out -> {
            try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
              writer.setOutput(stream);
              writer.write(null, new IIOImage(image, null, null), param);
            }
          });
    } catch (IOException | RuntimeException e) {
      throw new IOException("cannot write %s: %s".formatted(path, e), e);
    } finally {
      writer.dispose();
    }
  }
}
