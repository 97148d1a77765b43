package io.github.pixelwise.zoo;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Hugging Face models that are not for semantic segmentation. */
final class OtherModels {
  /**
   * A pattern of names of architectures, model types and processors, and a description of such
   * models.
   */
  private record Kind(Pattern names, String description) {
    Kind(String names, String description) {
      this(Pattern.compile("(?i)" + names), description);
    }
  }

  private static final Kind QUERIES =
      new Kind(
          "(mask2former|maskformer|oneformer|eomt|.*detr).*|.*(Universal|Instance)Segmentation",
          "an instance model with queries: its network outputs a mask and a class for each query, "
              + "not a score of each class for each pixel");

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              ".*ForObjectDetection|yolos.*|rt_?detr.*|d_?fine.*",
              "a model that finds boxes around objects"),
          QUERIES,
          new Kind(
              "(edge_?)?[st]am[23]?(_?hq)?(_?video)?(model)?",
              "a model that segments objects marked by points or boxes"),
          new Kind(
              ".*DepthEstimation|depth_?(anything|pro).*|zoe_?depth.*|glpn.*|prompt_?depth.*",
              "a model that estimates depth"),
          new Kind(".*ImageClassification.*", "a model that classifies whole images"),
          new Kind(
              "(clipseg|group_?vit|owl_?v(it|2)|.*ZeroShot).*",
              "a model that finds objects described by text"),
          new Kind("vit_?matte.*|.*ImageMatting", "a model that refines a given mask"));

  private OtherModels() {}

  /**
   * Rejects the configuration of such a model.
   *
   * @throws IllegalArgumentException if it is for such a model; the message says which kind
   */
  static void refuse(JsonObject config) {
    List<String> architectures = config.texts("architectures");
    List<String> names =
        architectures.isEmpty() ? config.text("model_type").stream().toList() : architectures;
    if (names.stream().noneMatch(name -> name.endsWith("ForSemanticSegmentation"))) {
      names.forEach(OtherModels::refuse);
    }
  }

  /**
   * Rejects the image processor of such a model.
   *
   * @throws IllegalArgumentException if it is for such a model; the message says which kind
   */
  static void refuseProcessor(String type) {
    refuse(type.replaceFirst("(Image)?(Processor|FeatureExtractor)(Fast|Pil)?$", ""));
  }

  /**
   * Rejects a network with the outputs of such a model.
   *
   * @throws IllegalArgumentException if it is such a model; the message says which kind
   */
  static void refuseOutputs(List<String> outputs) {
    outputs.stream()
        .filter(name -> name.matches(".*queries.*|pred_(masks|logits|boxes)"))
        .findFirst()
        .ifPresent(name -> throwRefusal("a network with the output " + name, QUERIES));
  }

  private static void refuse(String name) {
    Optional<Kind> kind = KINDS.stream().filter(k -> k.names.matcher(name).matches()).findFirst();
    kind.ifPresent(found -> throwRefusal(name, found));
  }

  private static void throwRefusal(String name, Kind kind) {
    throw new IllegalArgumentException(
        ("%s is %s. It is not supported; use a model for semantic segmentation, whose architecture "
                + "ends in ForSemanticSegmentation")
            .formatted(name, kind.description));
  }
}
