package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Preprocessors that cards name. */
class ZooPreprocessorsTest {
  private static ModelCard card(String preprocessor, ChannelOrder order) {
    InputSpec input =
        InputSpec.builder("input", SizeRule.fixed(8, 6))
            .channelOrder(order)
            .preprocessor(preprocessor)
            .build();
    return ModelCard.builder(
            "camvid", input, OutputSpec.logits("scores", 1), LabelMap.of(List.of("road", "car")))
        .file(ModelFormat.ONNX, Path.of("camvid.onnx"))
        .build();
  }

  private static Preprocessor preprocessor(ModelCard card) {
    return Catalog.load().preprocessor(card, Parallelism.common());
  }

  @Test
  void theCardOfTheCamVidNetworkNamesItsOwn() {
    assertThat(
            Networks.of("separable-residual", NetworkOptions.ofClasses(12)).input().preprocessor())
        .contains("bgr-lab");
  }

  @Test
  void theOneThatTheCardNamesIsTaken() {
    RgbImage image = RgbImage.of(1, 1, new byte[] {90, 60, 30});

    assertThat(preprocessor(card("bgr-lab", ChannelOrder.BGR)).prepare(image).tensor().shape())
        .containsExactly(1, 6, 6, 8);
  }

  @Test
  void anUnknownOneIsAnErrorThatNamesTheNearest() {
    ModelCard card = card("bgr-lap", ChannelOrder.BGR);

    assertThatThrownBy(() -> preprocessor(card))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model camvid needs the preprocessor \"bgr-lap\" (did you mean \"bgr-lab\"?); the class"
                + " path has bgr-lab. Add its jar (bgr-lab is in"
                + " io.github.pixelwise:pixelwise-zoo), or, in a shaded jar, merge"
                + " META-INF/services.");
  }

  @Test
  void anInputThatItCannotMakeIsAnErrorOfTheModel() {
    ModelCard card = card("bgr-lab", ChannelOrder.RGB);

    assertThatThrownBy(() -> preprocessor(card))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model camvid: the input of B, G, R, L*, a* and b* should be NCHW and BGR, found NCHW"
                + " and RGB");
  }
}
