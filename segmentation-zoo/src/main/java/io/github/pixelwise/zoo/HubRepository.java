package io.github.pixelwise.zoo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A repository of the Hub at one commit, as {@code /api/models/OWNER/NAME/revision/REVISION}
 * describes it.
 *
 * @param commit the commit
 * @param license the license its publisher states; empty if none
 * @param task what the model is for, as its publisher states it, such as {@code
 *     image-segmentation}; empty if not stated, or if its architecture says better
 * @param files the paths of its files
 */
record HubRepository(String commit, String license, String task, List<String> files) {
  /** The tasks whose models may be for segmentation. */
  private static final List<String> TASKS = List.of("", "image-segmentation", "background-removal");

  static HubRepository of(JsonObject json) {
    String commit =
        json.text("sha")
            .filter(HubRepository::isCommit)
            .orElseThrow(() -> json.wrong("sha", "a commit"));
    return new HubRepository(
        commit,
        license(json),
        isForSegmentation(json) ? "" : json.text("pipeline_tag").orElse(""),
        json.objects("siblings").stream()
            .flatMap(file -> file.text("rfilename").stream())
            .toList());
  }

  /** Whether a text is the full hash of a commit. */
  static boolean isCommit(String text) {
    return text.matches("[0-9a-f]{40}");
  }

  private static boolean isForSegmentation(JsonObject json) {
    return json.hasObject("config")
        && json.object("config").texts("architectures").stream()
            .anyMatch(name -> name.endsWith("ForSemanticSegmentation"));
  }

  private static String license(JsonObject json) {
    Optional<JsonObject> card =
        json.hasObject("cardData") ? Optional.of(json.object("cardData")) : Optional.empty();
    String stated =
        card
            .map(data -> data.textOrTexts("license"))
            .filter(list -> !list.isEmpty())
            .orElseGet(() -> tags(json, "license:"))
            .stream()
            .collect(Collectors.joining(", "));
    // The name and the address of a license that has no identifier.
    String details =
        card.stream()
            .flatMap(data -> Stream.of(data.text("license_name"), data.text("license_link")))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(", "));
    return oneLine(details.isEmpty() ? stated : stated + " (" + details + ")");
  }

  private static List<String> tags(JsonObject json, String prefix) {
    return json.texts("tags").stream()
        .filter(tag -> tag.startsWith(prefix))
        .map(tag -> tag.substring(prefix.length()))
        .toList();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /** Whether it is stated to be for something else than segmentation. */
  boolean isForAnotherTask() {
    return !TASKS.contains(task);
  }

  /** The ONNX files. */
  List<String> networks() {
    return files.stream().filter(file -> file.endsWith(".onnx")).sorted().toList();
  }

  /** The ONNX files in the folders where they are usual. */
  List<String> networksInUsualPlaces() {
    return networks().stream().filter(file -> file.matches("(onnx/)?[^/]+")).toList();
  }
}
