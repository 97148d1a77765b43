package io.github.pixelwise.products;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Kinds of image files by their suffixes, and how to convert those that cannot be read. */
public enum PictureKind {
  /** Files that can be read. */
  READ("", PictureKind.READ_SUFFIXES),
  /** HEIF and AVIF. */
  HEIF("heif-convert", "avci avcs avif avifs heic heics heif heifs hif"),
  /** JPEG XL. */
  JPEG_XL("djxl", "jxl"),
  /** JPEG 2000. */
  JPEG_2000("opj_decompress", "j2c j2k jp2 jpc jpf jph jpm jpx"),
  /** JPEG XR. */
  JPEG_XR("JxrDecApp", "hdp jxr wdp"),

  /**
   * The raw data of cameras. Never try to read them: many are TIFF files whose first image is a
   * thumbnail.
   */
  RAW(
      "darktable-cli",
      "3fr ari arw bay cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef raf"
          + " raw rw2 rwl sr2 srf srw x3f"),

  /** Other images. */
  OTHER(
      "ImageMagick",
      "cur dcm dds exr fits flif hdr icns ico jls jng mng pam pbm pcx pfm pgm pict pnm ppm psb psd"
          + " qoi svg svgz tga xbm xcf xpm");

  /** The suffixes of files that can be read, in alphabetical order. */
  public static final String READ_SUFFIXES =
      "apng bmp dib gif jfif jif jpe jpeg jpg mpo pjp pjpeg png tif tiff wbmp webp";

  private final String converter;
  private final String suffixes;

  PictureKind(String converter, String suffixes) {
    this.converter = converter;
    this.suffixes = suffixes;
  }

  /**
   * Tells the kind of a file.
   *
   * @param fileName its name
   * @return the kind; empty if the suffix is not that of an image
   */
  public static Optional<PictureKind> of(String fileName) {
    String suffix = suffix(fileName);
    return Arrays.stream(values())
        .filter(kind -> Arrays.asList(kind.suffixes.split(" ")).contains(suffix))
        .findFirst();
  }

  private static String suffix(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot > 0 ? fileName.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }

  /**
   * Says why a file of this kind cannot be read, and what to do.
   *
   * @param fileName its name
   * @return the end of a message that names the file
   */
  public String advice(String fileName) {
    return ("it is a .%s file, which cannot be read. Convert it to JPEG or PNG first, for example"
            + " with %s.")
        .formatted(suffix(fileName), converter);
  }
}
