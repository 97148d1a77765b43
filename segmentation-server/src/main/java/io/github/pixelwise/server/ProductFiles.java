package io.github.pixelwise.server;

import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How products are called over HTTP. */
final class ProductFiles {
  private ProductFiles() {}

  static String word(Product product) {
    return product.name().toLowerCase(Locale.ROOT);
  }

  static String contentType(Product product, PictureFormat format) {
    return switch (product) {
      case MASK, COLOR, CONFIDENCE -> "image/png";
      case OVERLAY, CUTOUT ->
          switch (format.suffix()) {
            case ".jpg" -> "image/jpeg";
            case ".webp" -> "image/webp";
            default -> "image/png";
          };
      case JSON, LABELME, COCO -> "application/json";
      case GEOJSON -> "application/geo+json"; // RFC 7946
      case SVG -> "image/svg+xml";
      case CVAT -> "application/xml";
      case YOLO -> "text/plain; charset=utf-8";
      case SUMMARY -> "text/csv; charset=utf-8";
    };
  }

  /** The header field for an answer with one file: browsers may show it. */
  static String inline(String file) {
    return "inline; " + fileName(file);
  }

  /** A file name in a header field: in ASCII, and as it is (RFC 6266). */
  static String fileName(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    return "filename=\"%s\"; filename*=UTF-8''%s"
        .formatted(
            name.replaceAll("[^\\x20-\\x7e]", "_"),
            URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
  }
}
