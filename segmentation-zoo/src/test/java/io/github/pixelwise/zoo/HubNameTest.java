package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.ModelNotFoundException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
  @ParameterizedTest
  @CsvSource({
    "hf:o/n, o/n, main, ''",
    "hf:O-1/n_2.3, O-1/n_2.3, main, ''",
    "hf:o/n@v1.0, o/n, v1.0, ''",
    "hf:o/n@refs/pr/12, o/n, refs/pr/12, ''",
    "hf:o/n/model.onnx, o/n, main, model.onnx",
    "hf:o/n@v1/onnx/model_q4.onnx, o/n, v1, onnx/model_q4.onnx",
    "hf:o/n@refs/pr/1/onnx/m.onnx, o/n, refs/pr/1, onnx/m.onnx",
  })
  void aNameHasThreeParts(String text, String repository, String revision, String file) {
    HubName name = HubName.parse(text);

    assertThat(name).isEqualTo(new HubName(repository, revision, file));
    assertThat(name).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:net",
        "hf:/net",
        "hf:org/",
        "hf:org/net@",
        "hf:org/net/config.json",
        "hf:org/net/../model.onnx",
        "hf:../net",
        "hf:org/..",
        "hf:org/net@../main",
        "hf:org/a--b",
        "hf:org/net@refs/heads/x",
        "hf:org/net@feature/x",
        "hf:org/net?x",
        "hf:org/net/onnx//model.onnx",
        "hf:org/n t",
        "hf://org/net",
      })
  void whatIsNoNameIsToldSo(String text) {
    assertThatThrownBy(() -> Catalog.load().model(text))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage(
            "\"%s\" cannot be a model on the Hugging Face Hub; expected hf:OWNER/NAME[@REVISION][/PATH.onnx],"
                    .formatted(text)
                + " such as hf:OWNER/NAME/onnx/model_quantized.onnx"
                + (text.contains("@")
                    ? "; for a branch whose name has a slash, give its commit"
                    : ""));
  }

  @ParameterizedTest
  @CsvSource({
    "t/ok, hf:t/ok",
    "HF:t/ok@v1, hf:t/ok@v1",
    "https://huggingface.co/t/ok, hf:t/ok",
    "t/ok/onnx/model.onnx, hf:t/ok/onnx/model.onnx",
  })
  void aNameWithoutItsPrefixIsRecognized(String text, String meant) {
    assertThatThrownBy(() -> Zoo.fetch(text))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageStartingWith(
            "there is no model \"%s\" to fetch (did you mean \"%s\"?). The most similar of %d models: "
                .formatted(text, meant, Zoo.entries().size()));
  }
}
