package io.github.pixelwise.fakes;

import io.github.pixelwise.InputSpec;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFormat;
import io.github.pixelwise.OutputSpec;
import io.github.pixelwise.SizeRule;
import io.github.pixelwise.spi.ModelProvider;
import java.nio.file.Path;
import java.util.List;

/** Models without files. */
public class FakeModels implements ModelProvider {
  /** Called by the service loader. */
  public FakeModels() {}

  @Override
  public List<String> names() {
    return List.of("colors", "deeplabv3");
  }

  @Override
  public ModelDescriptor model(String name) {
    return ModelDescriptor.builder(
            name,
            InputSpec.builder("in", SizeRule.fixed(2, 2)).build(),
            OutputSpec.logits("out", 1),
            LabelMap.of(List.of("red", "green", "blue")))
        .file(ModelFormat.ONNX, Path.of("model.onnx"))
        .build();
  }
}
