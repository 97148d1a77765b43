package io.github.pixelwise.awt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Formats that show in a file's first bytes, and what to do when nothing here reads them. */
enum ImageFormat {
  JPEG("JPEG", "\u00ff\u00d8\u00ff", "jpeg"),
  PNG("PNG", "\u0089PNG\r\n\u001a\n", ""),
  TIFF("TIFF", "II\\*\0|MM\0\\*", "tiff"),
  WEBP("WebP", "RIFF....WEBP", "webp"),
  PSD("Photoshop", "8BPS", "psd"),
  HEIF("HEIC or AVIF", "....ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1|avi[fs])", ""),
  JPEG_XL("JPEG XL", "\u00ff\n|\0\0\0\fJXL ", ""),
  JPEG_2000("JPEG 2000", "\0\0\0\fjP  ", "");

  /** How many bytes tell a format. */
  static final int HEAD = 12;

  /** What to do with a file that no plug-in known to us reads. */
  static final String CONVERT = "Convert it to PNG or JPEG.";

  private final String title;
  private final Pattern head;
  private final String plugIn;

  ImageFormat(String title, String head, String plugIn) {
    this.title = title;
    this.head = Pattern.compile(head, Pattern.DOTALL);
    this.plugIn = plugIn;
  }

  /** The format of a file that starts so, if it is one of these. */
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
    return plugIn.isEmpty()
        ? CONVERT
        : "Add com.twelvemonkeys.imageio:imageio-%s to the class path, or convert it to PNG or JPEG."
            .formatted(plugIn);
  }
}
