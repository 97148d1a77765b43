package io.github.pixelwise.zoo;

import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.spi.PreprocessorProvider;
import java.util.List;

/** The preprocessors that cards can use if this module is present. */
public final class ZooPreprocessors implements PreprocessorProvider {
  private static final String BGR_LAB = "bgr-lab";

  /** Called by {@link java.util.ServiceLoader}. */
  public ZooPreprocessors() {}

  @Override
  public List<String> names() {
    return List.of(BGR_LAB);
  }

  @Override
  public Preprocessor preprocessor(String name, InputSpec spec) {
    return BgrLabPreprocessor.from(spec);
  }
}
