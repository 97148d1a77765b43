package io.github.pixelwise.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Kinds of image files by their suffixes, and how to convert those that cannot be read. */
enum PictureKind {
  READ("", PictureKind.READ_SUFFIXES),
  HEIF("heif-convert", "avci avcs avif avifs heic heics heif heifs hif"),
  JPEG_XL("djxl", "jxl"),
  JPEG_2000("opj_decompress", "j2c j2k jp2 jpc jpf jph jpm jpx"),
  JPEG_XR("JxrDecApp", "hdp jxr wdp"),
  /** Never tried: many are TIFF files whose first image is a thumbnail. */
  RAW(
      "darktable-cli",
      "3fr ari arw bay cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef raf raw"
          + " rw2 rwl sr2 srf srw x3f"),
  OTHER(
      "ImageMagick",
      "cur dcm dds exr fits flif hdr icns ico jls jng mng pam pbm pcx pfm pgm pict pnm ppm psb psd qoi"
          + " svg svgz tga xbm xcf xpm");

  /** In alphabetical order. */
  static final String READ_SUFFIXES =
      "apng bmp dib gif jfif jif jpe jpeg jpg mpo pjp pjpeg png tif tiff wbmp webp";

  private final String converter;
  private final String suffixes;

  PictureKind(String converter, String suffixes) {
    this.converter = converter;
    this.suffixes = suffixes;
  }

  /** The kind of a file with this name; empty if the suffix is not that of an image. */
  static Optional<PictureKind> of(String fileName) {
    String suffix = suffix(fileName);
    return Arrays.stream(values())
        .filter(kind -> Arrays.asList(kind.suffixes.split(" ")).contains(suffix))
        .findFirst();
  }

  private static String suffix(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot > 0 ? fileName.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }

  /** Why a file of this kind cannot be read, and what to do. */
  String advice(String fileName) {
    return ("it is a .%s file, which cannot be read. Convert it to JPEG or PNG first, for example with"
            + " %s.")
        .formatted(suffix(fileName), converter);
  }
}
