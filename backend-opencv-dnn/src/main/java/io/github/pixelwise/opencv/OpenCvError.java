package io.github.pixelwise.opencv;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** OpenCV's error messages, without locations in its source code. */
final class OpenCvError {
  /** As in {@code Node [Conv@ai.onnx]:(onnx_node!features.0) parse error: ...}. */
  private static final Pattern NODE =
      Pattern.compile("Node \\[([^]@]+)[^]]*]:\\((?:[^)!]*!)?([^)]*)\\)");

  /** As in {@code error: (-215:Assertion failed) !isDynamicShape in function 'parseShape'}. */
  private static final Pattern REASON =
      Pattern.compile(
          "error: \\(-\\d+:([^)]*)\\) (.*?)(?: in function '[^']*')?\\s*$", Pattern.MULTILINE);

  private OpenCvError() {}

  /** The operator and name of the node that failed, if any, and the innermost reason. */
  static String describe(RuntimeException error) {
    String message = String.valueOf(error.getMessage());
    String reason = message;
    for (Matcher reasons = REASON.matcher(message); reasons.find(); ) {
      reason = reasons.group(2);
    }
    Matcher node = NODE.matcher(message);
    return (node.find() ? "node \"%s\" (%s): ".formatted(node.group(2), node.group(1)) : "")
        + reason;
  }
}
