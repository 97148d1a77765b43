package io.github.pixelwise.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.Palette;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.ModelProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EmbeddedModelsTest {
  @Test
  void theDefaultModelIsFoundByName() {
    ModelCard model = Catalog.load().model(Segmenter.DEFAULT_MODEL);

    assertThat(model.labels()).isEqualTo(LabelMap.voc());
    assertThat(model.palette()).isEqualTo(Palette.voc());
    assertThat(model.license()).isEqualTo("Apache-2.0");
    assertThat(model.source()).contains("TensorFlow DeepLabV3-MobileNetV2");
    assertThat(model.input().geometry(451, 300).inputWidth()).isEqualTo(513);
    assertThat(model.input().geometry(451, 300).inputHeight()).isEqualTo(337);
  }

  @Test
  void everyFileHasTheHashOnItsCard() throws IOException, GeneralSecurityException {
    EmbeddedModels models = new EmbeddedModels();
    for (String name : models.names()) {
      for (ModelFile file : models.model(name).files()) {
        try (InputStream in = file.location().toURL().openStream()) {
          byte[] hash = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
          assertThat(file.sha256()).hasValue(HexFormat.of().formatHex(hash));
        }
      }
      assertThat(models.model(name).files())
          .extracting(ModelFile::format)
          .containsExactly(ModelFormat.ONNX, ModelFormat.TORCHSCRIPT);
    }
  }

  @Test
  void withoutWeightsTheErrorSaysWhatToAdd() throws Exception {
    URL[] classes = {
      EmbeddedModels.class.getProtectionDomain().getCodeSource().getLocation(),
      ModelProvider.class.getProtectionDomain().getCodeSource().getLocation()
    };
    try (URLClassLoader loader = new URLClassLoader(classes, null)) {
      Class<?> models = loader.loadClass(EmbeddedModels.class.getName());
      Object provider = models.getConstructor().newInstance();

      assertThatThrownBy(
              () ->
                  models.getMethod("model", String.class).invoke(provider, Segmenter.DEFAULT_MODEL))
          .cause()
          .hasMessage(
              "the weights of the embedded model deeplabv3plus-mobilenetv2-voc are not on the class"
                  + " path. Add io.github.pixelwise:pixelwise-models-onnx or"
                  + " io.github.pixelwise:pixelwise-models-torchscript, whichever your backend "
                  + "reads.");
    }
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThatThrownBy(() -> new EmbeddedModels().model("u-net"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage(
            "there is no embedded model \"u-net\"; available models: "
                + "[deeplabv3plus-mobilenetv2-voc]");
  }
}
