package io.github.pixelwise.zoo;

import io.github.pixelwise.ModelNotFoundException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a model on the Hugging Face Hub: {@code hf:OWNER/NAME[@REVISION][/FILE]}.
 *
 * @param repository {@code OWNER/NAME}
 * @param revision a branch, a tag or a commit
 * @param file the network's path in the repository; empty for the usual one
 */
record HubName(String repository, String revision, String file) {
  static final String PREFIX = "hf:";
  private static final String MAIN = "main";
  private static final String PART = "[A-Za-z0-9_][A-Za-z0-9._-]*";
  private static final Pattern FORM =
      Pattern.compile(
          "hf:(PART/PART)(?:@(refs/(?:pr|convert)/PART|PART))?(?:/((?:PART/)*PART\\.onnx))?"
              .replace("PART", PART));

  /** Whether a text is meant as such a name. */
  static boolean matches(String text) {
    return text.startsWith(PREFIX);
  }

  /**
   * Reads a name.
   *
   * @throws ModelNotFoundException if it has another form
   */
  static HubName parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || text.contains("..") || parts.group(1).contains("--")) {
      throw new ModelNotFoundException(
          "\"%s\" cannot be a model on the Hugging Face Hub; expected hf:OWNER/NAME[@REVISION][/PATH.onnx], such as hf:OWNER/NAME/onnx/model_quantized.onnx%s"
              .formatted(
                  text,
                  text.contains("@")
                      ? "; for a branch whose name has a slash, give its commit"
                      : ""));
    }
    String revision = parts.group(2);
    String file = parts.group(3);
    return new HubName(
        parts.group(1), revision == null ? MAIN : revision, file == null ? "" : file);
  }

  /**
   * Finds the name that is meant by one without its prefix, or by the address of a model's page.
   */
  static Optional<String> meant(String text) {
    return Optional.of(
            PREFIX
                + text.replaceFirst("(?i)^(hf:|https?://(www\\.)?(huggingface\\.co|hf\\.co)/)", ""))
        .filter(name -> !name.equals(text) && FORM.matcher(name).matches());
  }

  /** The model's folder in a cache, named as by Hugging Face's own libraries. */
  String folder() {
    return HubCache.folder(repository);
  }

  /** This name with another revision. */
  HubName at(String otherRevision) {
    return new HubName(repository, otherRevision, file);
  }

  /** This name with a network's path. */
  HubName with(String network) {
    return new HubName(repository, revision, network);
  }

  @Override
  public String toString() {
    return PREFIX
        + repository
        + (revision.equals(MAIN) ? "" : "@" + revision)
        + (file.isEmpty() ? "" : "/" + file);
  }
}
