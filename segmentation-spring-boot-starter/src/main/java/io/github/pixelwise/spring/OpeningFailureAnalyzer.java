package io.github.pixelwise.spring;

import io.github.pixelwise.InferenceException;
import io.github.pixelwise.SegmentationException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Shows why no segmenter could be opened, such as a missing backend, without a stack trace: the
 * message says what to do. Spring Boot itself shows wrong properties, with the file that sets them.
 */
final class OpeningFailureAnalyzer extends AbstractFailureAnalyzer<SegmentationException> {
  @Override
  protected @Nullable FailureAnalysis analyze(Throwable root, SegmentationException cause) {
    // A network that fails has been opened; then the stack trace matters.
    return cause instanceof InferenceException
        ? null
        : new FailureAnalysis("A segmenter cannot be opened: " + cause.getMessage(), null, cause);
  }
}
