package io.github.pixelwise.server;

import io.github.pixelwise.Segmenter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The parameters of rembg's server (danielgatis/rembg, {@code rembg s}), under its names.
 *
 * @param segmenter model
 * @param matting a: whether edges are refined by the photo's colors
 * @param foreground af: alpha above it is certain, 0 to 255
 * @param background ab: alpha below it is certain, 0 to 255
 * @param erosion ae: the side of the square by which what is certain shrinks, in pixels
 * @param onlyMask om: whether the alpha is the answer
 * @param postProcess ppm: whether the mask is smoothed and made hard
 * @param color bgc: the color to put behind, as 0xAARRGGBB; empty for none
 */
record RemoveParameters(
    Segmenter segmenter,
    boolean matting,
    int foreground,
    int background,
    int erosion,
    boolean onlyMask,
    boolean postProcess,
    OptionalInt color) {
  private static final List<String> NAMES =
      List.of("model", "a", "af", "ab", "ae", "om", "ppm", "bgc", "extras");
  private static final int MOST_EROSION = 1000;

  /**
   * Reads parameters: those of the query override the fields of a form.
   *
   * @throws Problem if one is unknown or wrong, or the model is not served
   */
  static RemoveParameters of(Map<String, List<String>> query, Upload upload, ServedModels models) {
    if (upload.recipe() != null || upload.background() != null) {
      throw new Problem(
          400, "/api/remove takes the file part file only; see /v1/segment for others");
    }
    Map<String, String> values = new HashMap<>();
    upload.fields().forEach((name, given) -> put(values, name, given));
    query.forEach((name, given) -> put(values, name, given));
    String extras = values.getOrDefault("extras", "").replaceAll("\\s", "");
    if (!extras.isEmpty() && !extras.equals("{}")) {
      throw new Problem(400, "parameter extras is not supported; leave it out");
    }
    return new RemoveParameters(
        models.choose(values.get("model"), null),
        flag(values, "a"),
        number(values, "af", 240, 255),
        number(values, "ab", 10, 255),
        number(values, "ae", 10, MOST_EROSION),
        flag(values, "om"),
        flag(values, "ppm"),
        color(values.getOrDefault("bgc", "")));
  }

  private static void put(Map<String, String> values, String name, List<String> given) {
    if (!NAMES.contains(name)) {
      throw SegmentParameters.unknown(name, NAMES);
    }
    values.put(name, SegmentParameters.single(name, given));
  }

  private static boolean flag(Map<String, String> values, String name) {
    String value = values.getOrDefault(name, "false");
    // What FastAPI, rembg's library, takes for booleans.
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on", "t", "y" -> true;
      case "false", "0", "no", "off", "f", "n" -> false;
      default ->
          throw new Problem(
              400, "parameter %s: expected true or false, found \"%s\"".formatted(name, value));
    };
  }

  private static int number(Map<String, String> values, String name, int fallback, int most) {
    String value = values.getOrDefault(name, String.valueOf(fallback)).strip();
    if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) > most) {
      throw new Problem(
          400,
          "parameter %s: expected a whole number, 0 to %d, found \"%s\""
              .formatted(name, most, value));
    }
    return Integer.parseInt(value);
  }

  private static OptionalInt color(String value) {
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    String[] parts = value.split(",", -1);
    int argb = 0xff;
    boolean valid = parts.length == 4;
    for (int i = 0; valid && i < 4; i++) {
      valid = parts[i].strip().matches("[0-9]{1,3}") && Integer.parseInt(parts[i].strip()) <= 255;
      int sample = valid ? Integer.parseInt(parts[i].strip()) : 0;
      argb = i < 3 ? argb << 8 | sample : (argb & 0xffffff) | sample << 24;
    }
    if (!valid) {
      throw new Problem(
          400,
          "parameter bgc: expected red, green, blue, and alpha as R,G,B,A, each 0 to 255, found \"%s\""
              .formatted(value));
    }
    return OptionalInt.of(argb);
  }
}
