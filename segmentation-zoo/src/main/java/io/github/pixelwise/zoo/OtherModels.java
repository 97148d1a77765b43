package io.github.pixelwise.zoo;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Models of Hugging Face's that are not for semantic segmentation, and what they are. */
final class OtherModels {
  /**
   * Names of architectures, of types of models and of their processors, and what such a model is.
   */
  private record Kind(Pattern names, String description) {
    Kind(String names, String description) {
      this(Pattern.compile("(?i)" + names), description);
    }
  }

  private static final Kind QUERIES =
      new Kind(
          "(mask2former|maskformer|oneformer|eomt|.*detr).*|.*(Universal|Instance)Segmentation",
          "an instance model with queries: its network gives a mask and a class for each of many"
              + " queries, and no score of each class for each pixel");

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              ".*ForObjectDetection|yolos.*|rt_?detr.*|d_?fine.*",
              "a model that finds boxes around objects"),
          QUERIES,
          new Kind(
              "(edge_?)?[st]am[23]?(_?hq)?(_?video)?(model)?",
              "a model that outlines what points or boxes are put on"),
          new Kind(
              ".*DepthEstimation|depth_?(anything|pro).*|zoe_?depth.*|glpn.*|prompt_?depth.*",
              "a model that estimates depth"),
          new Kind(".*ImageClassification.*", "a model that names what a whole picture shows"),
          new Kind(
              "(clipseg|group_?vit|owl_?v(it|2)|.*ZeroShot).*",
              "a model that finds what a text names"),
          new Kind("vit_?matte.*|.*ImageMatting", "a model that refines a mask which it is given"));

  private OtherModels() {}

  /**
   * Refuses the configuration of such a model.
   *
   * @throws IllegalArgumentException if it is one; the message says what it is
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
   * Refuses the image processor of such a model.
   *
   * @throws IllegalArgumentException if it is one; the message says what it is
   */
  static void refuseProcessor(String type) {
    refuse(type.replaceFirst("(Image)?(Processor|FeatureExtractor)(Fast|Pil)?$", ""));
  }

  /**
   * Refuses a network that has these outputs.
   *
   * @throws IllegalArgumentException if it is of such a model; the message says what it is
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
        ("%s is %s. It is not supported; take a model for semantic segmentation, whose architecture"
                + " ends in ForSemanticSegmentation")
            .formatted(name, kind.description));
  }
}
