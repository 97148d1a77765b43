package io.github.pixelwise.fakes;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
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
  public ModelCard model(String name) {
    return ModelCard.builder(
            name,
            InputSpec.builder("in", SizeRule.fixed(2, 2)).build(),
            OutputSpec.logits("out", 1),
            LabelMap.of(List.of("red", "green", "blue")))
        .file(ModelFormat.ONNX, Path.of("model.onnx"))
        .build();
  }
}
