package io.github.pixelwise.products;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A kind of output for a photograph. */
public enum Product {
  /**
   * The classes as the indices of a palette PNG, or as a 16-bit gray PNG if there are more than
   * 256.
   */
  MASK(".mask.png"),

  /** The classes in their colors, as PNG. */
  COLOR(".color.png"),

  /** The photograph tinted with the colors of its classes, as PNG or in another format. */
  OVERLAY(".overlay.png"),

  /** The photograph without its background, or on another one, as PNG or in another format. */
  CUTOUT(".cutout.png"),

  /** The model, the engine, the times, and the pixels, share and box of each class, as JSON. */
  JSON(".json"),

  /**
   * How sure the network is of each pixel's class, as an 8-bit gray PNG: 0 to 255 are the
   * probabilities 0 to 1. Only known if the products of the recipe include this one.
   */
  CONFIDENCE(".confidence.png"),

  /** The shapes of classes as GeoJSON, on the map if {@link Products#withMapOf} found it. */
  GEOJSON(".geojson"),

  /** The shapes of classes as YOLO's text. */
  YOLO(".txt"),

  /**
   * The shapes of classes as a file of LabelMe. It must have the name of the photograph, as {@link
   * #JSON} has, so it is in a folder of its own.
   */
  LABELME(".json"),

  /** The shapes of classes as SVG, over the photograph. */
  SVG(".svg"),

  /** The shapes of classes as COCO instances. {@link JoinedFile} makes one of several. */
  COCO(".coco.json"),

  /** The shapes of classes as "CVAT for images 1.1". {@link JoinedFile} makes one of several. */
  CVAT(".cvat.xml"),

  /**
   * The pixels, share, box, center of mass, and mean confidence of each class, as CSV (RFC 4180).
   * {@link JoinedFile} makes one of several. Confidences are known only if the products of the
   * recipe include this one.
   */
  SUMMARY(".summary.csv");

  private static final String LABELME_FOLDER = "labelme/";

  private static final Pattern PICTURE =
      Pattern.compile(
          "\\.((mask|color|confidence)\\.png|(overlay|cutout)\\.(png|jpg|webp))$",
          Pattern.CASE_INSENSITIVE);

  private final String suffix;

  Product(String suffix) {
    this.suffix = suffix;
  }

  /** {@return the suffix of its file's name, such as {@code .mask.png}, for pictures as PNG} */
  public String suffix() {
    return suffix;
  }

  /**
   * Returns the name of its file.
   *
   * @param stem the photograph's name without its suffix
   * @param format the format of overlays and cutouts
   * @return the name, for {@link #LABELME} with its folder, such as {@code labelme/photo.json}
   */
  public String file(String stem, PictureFormat format) {
    return switch (this) {
      case LABELME -> LABELME_FOLDER + stem + suffix;
      case OVERLAY, CUTOUT -> stem + suffix.replace(PictureFormat.PNG.suffix(), format.suffix());
      default -> stem + suffix;
    };
  }

  /**
   * Says whether a picture is a product and not a photograph.
   *
   * @param fileName its name
   * @return whether it ends as the names of products do, other than SVG
   */
  public static boolean isPicture(String fileName) {
    return PICTURE.matcher(fileName).find();
  }

  /** {@return whether it is a file of shapes} */
  public boolean isShapes() {
    return compareTo(GEOJSON) >= 0 && compareTo(CVAT) <= 0;
  }

  /** {@return whether files of several photographs can be joined, see {@link JoinedFile}} */
  public boolean isJoinable() {
    return compareTo(COCO) >= 0;
  }

  /** Whether it holds confidences, which are only computed if they are wanted. */
  boolean hasConfidence() {
    return this == CONFIDENCE || this == SUMMARY;
  }

  /** Whether it is written if a recipe does not say what to write. */
  boolean isDefault() {
    return compareTo(JSON) <= 0;
  }

  /**
   * Reads a product's name.
   *
   * @param text its name in lowercase, such as {@code mask}; surrounding blanks are ignored
   * @return the product
   * @throws IllegalArgumentException if there is no product with that name; the message lists the
   *     available ones
   */
  public static Product parse(String text) {
    String word = text.strip();
    return Arrays.stream(values())
        .filter(product -> product.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("expected %s, found \"%s\"".formatted(names(), word)));
  }

  /** {@return the names of all products, for messages} */
  public static String names() {
    return Arrays.stream(values()).map(Product::word).collect(Collectors.joining(", "));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
