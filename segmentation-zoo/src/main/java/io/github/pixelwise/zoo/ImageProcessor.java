package io.github.pixelwise.zoo;

import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.SizeRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how {@code preprocessor_config.json} turns an image into the network's input. */
final class ImageProcessor {
  /**
   * The defaults of transformers 4 for missing keys, by the processor's name without {@code
   * ImageProcessor} or the older {@code FeatureExtractor}. Processors named {@code
   * ...ImageProcessorFast} do the same with a different library and, except for BEiT, the same
   * defaults.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "Segformer",
          """
          {"do_resize": true, "size": {"height": 512, "width": 512}, "resample": 2,
           "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true,
           "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}""",
          "Beit",
          """
          {"do_resize": true, "size": {"height": 256, "width": 256}, "resample": 3,
           "do_center_crop": true, "crop_size": {"height": 224, "width": 224},
           "do_rescale": true, "rescale_factor": 0.00392156862745098,
           "do_normalize": true, "image_mean": 0.5, "image_std": 0.5}""",
          "BeitFast",
          """
          {"do_resize": true, "size": {"height": 224, "width": 224}, "resample": 3,
           "do_rescale": true, "rescale_factor": 0.00392156862745098,
           "do_normalize": true, "image_mean": 0.5, "image_std": 0.5}""",
          "DPT",
          """
          {"do_resize": true, "size": {"height": 384, "width": 384}, "resample": 3,
           "do_rescale": true, "rescale_factor": 0.00392156862745098,
           "do_normalize": true, "image_mean": 0.5, "image_std": 0.5}""",
          "MobileNetV2",
          """
          {"do_resize": true, "size": {"shortest_edge": 256}, "resample": 2,
           "do_center_crop": true, "crop_size": {"height": 224, "width": 224},
           "do_rescale": true, "rescale_factor": 0.00392156862745098,
           "do_normalize": true, "image_mean": 0.5, "image_std": 0.5}""",
          "MobileViT",
          """
          {"do_resize": true, "size": {"shortest_edge": 224}, "resample": 2,
           "do_center_crop": true, "crop_size": {"height": 256, "width": 256},
           "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": false,
           "do_flip_channel_order": true}""");

  private static final Pattern TYPE =
      Pattern.compile("(.*?)(ImageProcessor|FeatureExtractor)(Fast|Pil)?");

  /** Steps that {@link InputSpec} does not support. */
  private static final List<String> UNSUPPORTED =
      List.of("do_pad", "keep_aspect_ratio", "rescale_offset");

  private ImageProcessor() {}

  /**
   * Returns the input that the file describes.
   *
   * @param name the input's name in the network
   * @throws IllegalArgumentException if a key is missing, not valid, or not supported
   */
  static InputSpec input(String name, JsonObject file) {
    String type =
        file.text("image_processor_type")
            .or(() -> file.text("feature_extractor_type"))
            .orElse("(none named)");
    OtherModels.refuseProcessor(type);
    Matcher parts = TYPE.matcher(type);
    String family = parts.replaceFirst("$1");
    boolean fast = parts.matches() && parts.group(3) != null;
    Optional<JsonObject> defaults =
        Optional.ofNullable(fast ? DEFAULTS.get(family + "Fast") : null)
            .or(() -> Optional.ofNullable(DEFAULTS.get(family)))
            .map(JsonObject::of);
    // Fast processors treat null as the default; the others treat it as false where possible.
    Predicate<String> isAbsent = key -> fast || !key.startsWith("do_");
    JsonObject keys = defaults.map(others -> file.withDefaults(others, isAbsent)).orElse(file);
    requireComplete(type, keys);
    requireSupported(keys);
    InputSpec.Builder input =
        InputSpec.builder(name, size(keys, defaults))
            .interpolation(interpolation(keys))
            .scale(keys.flag("do_rescale") ? keys.number("rescale_factor") : 1);
    if (keys.flag("do_normalize")) {
      input.mean(keys.three("image_mean")).std(keys.three("image_std"));
    }
    if (keys.flag("do_flip_channel_order")) {
      input.channelOrder(ChannelOrder.BGR);
    }
    if (keys.flag("do_center_crop")) {
      // Those named Fast leave the crop to torchvision, those named Pil do not.
      boolean torchvision = fast && "Fast".equals(parts.group(3));
      crop(keys, input, torchvision ? SizeRule.Rounding.NEAREST : SizeRule.Rounding.DOWN);
    }
    return input.build();
  }

  private static void requireComplete(String type, JsonObject keys) {
    List<String> missing =
        new ArrayList<>(List.of("do_resize", "size", "resample", "do_rescale", "do_normalize"));
    if (keys.flag("do_rescale")) {
      missing.add("rescale_factor");
    }
    if (keys.flag("do_normalize")) {
      missing.addAll(List.of("image_mean", "image_std"));
    }
    if (keys.flag("do_center_crop")) {
      missing.add("crop_size");
    }
    missing.removeIf(keys::has);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no %s, and the defaults of image processor %s are not known (only those of %s)"
              .formatted(
                  String.join(", no ", missing),
                  type,
                  String.join(
                      ", ",
                      DEFAULTS.keySet().stream()
                          .filter(family -> !family.endsWith("Fast"))
                          .sorted()
                          .toList())));
    }
  }

  private static void requireSupported(JsonObject keys) {
    if (!keys.flag("do_resize")) {
      throw keys.wrong("do_resize", "true, as images at their own size are not supported");
    }
    for (String key : UNSUPPORTED) {
      if (keys.flag(key)) {
        throw keys.wrong(key, "false, as it is not supported");
      }
    }
    if (keys.flag("do_flip_channel_order") && keys.flag("do_normalize")) {
      throw keys.wrong("do_normalize", "false where do_flip_channel_order is true");
    }
  }

  /** A bare number means the same as in the defaults: both sides, or the shortest edge. */
  private static SizeRule size(JsonObject keys, Optional<JsonObject> defaults) {
    if (keys.hasObject("size")) {
      JsonObject size = keys.object("size");
      if (size.keys().equals(Set.of("height", "width"))) {
        return fixed(keys, size.side("width"), size.side("height"));
      }
      if (size.keys().equals(Set.of("shortest_edge"))) {
        return shortestEdge(size.side("shortest_edge"));
      }
      if (size.keys().equals(Set.of("longest_edge"))) {
        return SizeRule.longEdge(size.side("longest_edge"));
      }
    } else if (defaults.isPresent()) {
      int side = keys.side("size");
      return defaults.get().object("size").has("shortest_edge")
          ? shortestEdge(side)
          : fixed(keys, side, side);
    }
    throw keys.wrong("size", "{\"height\", \"width\"}, {\"shortest_edge\"} or {\"longest_edge\"}");
  }

  private static SizeRule fixed(JsonObject keys, int width, int height) {
    int multiple = keys.has("ensure_multiple_of") ? keys.side("ensure_multiple_of") : 1;
    if (width % multiple != 0 || height % multiple != 0) {
      throw keys.wrong("size", "of sides that are multiples of ensure_multiple_of, " + multiple);
    }
    return SizeRule.fixed(width, height);
  }

  /** The longer side is rounded down to a whole number. */
  private static SizeRule shortestEdge(int length) {
    return SizeRule.shortEdge(length).withRounding(SizeRule.Rounding.DOWN);
  }

  /** The codes are Pillow's. */
  private static Interpolation interpolation(JsonObject keys) {
    double code = keys.number("resample");
    if (code == 0) {
      return Interpolation.NEAREST;
    }
    if (code == 1) {
      return Interpolation.LANCZOS;
    }
    if (code == 2) {
      return Interpolation.BILINEAR;
    }
    if (code == 3) {
      return Interpolation.BICUBIC;
    }
    throw keys.wrong("resample", "0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic)");
  }

  private static void crop(JsonObject keys, InputSpec.Builder input, SizeRule.Rounding rounding) {
    if (keys.hasObject("crop_size")) {
      JsonObject size = keys.object("crop_size");
      input.crop(size.side("width"), size.side("height"), rounding);
    } else {
      input.crop(keys.side("crop_size"), keys.side("crop_size"), rounding);
    }
  }
}
