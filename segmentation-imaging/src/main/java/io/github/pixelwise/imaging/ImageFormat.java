package io.github.pixelwise.imaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Formats that are recognized by a file's first bytes, and what to do if nothing here reads them.
 */
enum ImageFormat {
  JPEG("JPEG", "\u00ff\u00d8\u00ff", "com.twelvemonkeys.imageio:imageio-jpeg"),
  PNG("PNG", "\u0089PNG\r\n\u001a\n", ""),
  GIF("GIF", "GIF8[79]a", ""),
  BMP("BMP", "BM", ""),
  TIFF("TIFF", "II\\*\0|MM\0\\*", "com.twelvemonkeys.imageio:imageio-tiff"),
  BIG_TIFF("BigTIFF", "II\\+\0|MM\0\\+", "com.twelvemonkeys.imageio:imageio-tiff"),
  WEBP("WebP", "RIFF....WEBP", "com.twelvemonkeys.imageio:imageio-webp"),
  PSD("Photoshop", "8BPS", "com.twelvemonkeys.imageio:imageio-psd"),
  AVIF("AVIF", "....ftyp(avi[fs]|(mif1|msf1).{4,16}avi[fs])", "avifdec"),
  HEIC("HEIC", "....ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)", "heif-convert"),
  JPEG_XL("JPEG XL", "\u00ff\n|\0\0\0\fJXL ", "djxl"),
  JPEG_2000(
      "JPEG 2000", "\0\0\0\fjP  |\u00ffO\u00ffQ", "com.github.jai-imageio:jai-imageio-jpeg2000"),
  DIB("DIB (a BMP without its file header)", "[(l|]\0\0\0.{8}\1\0", "");

  /** How many bytes are needed to recognize a format. */
  static final int HEAD = 32;

  /** What to do with a file if no plug-in is known that reads it. */
  static final String CONVERT = "Convert it to PNG or JPEG.";

  private final String title;
  private final Pattern head;

  /** The Maven coordinates of a plug-in, or the name of a program; empty if none is known. */
  private final String reader;

  ImageFormat(String title, String head, String reader) {
    this.title = title;
    this.head = Pattern.compile(head, Pattern.DOTALL);
    this.reader = reader;
  }

  /** The format of a file that starts with these bytes, if it is one of these formats. */
  static Optional<ImageFormat> of(byte[] head) {
    String text = new String(head, ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.head.matcher(text).lookingAt())
        .findFirst();
  }

  /** What users call the format. */
  String title() {
    return title;
  }

  /** What to do with a file of this format that cannot be read here; a sentence. */
  String advice() {
    if (reader.isEmpty()) {
      return CONVERT;
    }
    return reader.contains(":")
        ? "Add %s to the class path, or convert it to PNG or JPEG.".formatted(reader)
        : "Convert it to PNG or JPEG, for example with %s or ImageMagick.".formatted(reader);
  }
}
