package io.github.pixelwise.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.ElementType;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules as PyTorch's users write them, see {@code src/test/python/torchscript_forms.py}. */
class TorchScriptFormsTest {
  private static final Path FILES = Path.of("src/test/resources/io/github/pixelwise/djl");
  private static final FloatTensor IMAGE =
      FloatTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 2, 1);
  private static final FloatTensor NEGATIVE =
      FloatTensor.of(new float[] {-1, -2, -3, -4, -5, -6}, 1, 3, 2, 1);

  private static ModelCard card(Path file, String input, String output) {
    return ModelCard.builder(
            "form",
            InputSpec.builder(input, SizeRule.fixed(8, 6)).build(),
            OutputSpec.logits(output, 1),
            LabelMap.of(List.of("a", "b", "c")))
        .file(ModelFormat.TORCHSCRIPT, file)
        .build();
  }

  private static InferenceSession open(Path file, String input, String output) {
    DjlBackend djl = new DjlBackend();
    return djl.open(
        BackendContext.builder(djl, card(file, input, output), ModelFormat.TORCHSCRIPT, file)
            .build());
  }

  private static InferenceSession open(String form, String input, String output) {
    return open(FILES.resolve(form + ".pt"), input, output);
  }

  @ParameterizedTest
  @CsvSource({
    // The tensors of a tuple, also of a named tuple, are named by their position.
    "tensors, 1",
    "named, 1",
    "mixed, 1",
    // A single one needs no name.
    "single, ''",
    "single, 0",
    // A plain tensor has no name, so that a card may use another format's name.
    "defaults, ''",
    "defaults, scores",
    "bfloat, scores",
    // An optional tensor has no name either.
    "perhaps, ''",
    "perhaps, scores",
    // The tensors of a list are named by their position.
    "listed, 0",
    "listed, ''",
    // The name self is only a convention.
    "oddself, ''",
    // The input gets the type of the weights, unless the module converts it.
    "half, ''",
    "frozenhalf, ''",
    "double, ''",
    "brainwithin, ''"
  })
  void findsOutputsByName(String form, String output) {
    try (InferenceSession session = open(form, "image", output)) {
      assertThat(session.run(IMAGE)).isEqualTo(NEGATIVE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tensors | out | backend djl needs the output "out", found [0, 1] in %s. Correct the output's name (output.name on a card).
          named   | out | backend djl needs the output "out", found [0, 1] in %s. Correct the output's name (output.name on a card).
          mixed   | 0   | backend djl needs the output "0", found [1] in %s. Correct the output's name (output.name on a card).
          listed  | out | backend djl needs the output "out", found [0] in %s. Correct the output's name (output.name on a card).
          tensors | ''  | backend djl found several outputs, [0, 1], in %s. Name one of them in an OutputSpec (output.name on a card).
          """)
  void listsTheOutputsIfTheNameIsWrong(String form, String output, String message) {
    assertThatThrownBy(() -> open(form, "image", output))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model form: " + message, FILES.resolve(form + ".pt"));
  }

  @Test
  void acceptsAnyNameForXAndInput() {
    for (String name : new String[] {"", "x", "input", "pixel_values"}) {
      try (InferenceSession session = open("unnamed", name, "")) {
        assertThat(session.run(IMAGE)).isEqualTo(NEGATIVE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          twoinputs | image  | forward(Tensor image, Tensor mask)
          listinput | images | forward(Tensor[] images)
          noinput   | image  | forward()
          """)
  void listsTheInputsIfThereAreOthers(String form, String input, String found) {
    assertThatThrownBy(() -> open(form, input, ""))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model form: backend djl needs one tensor as input, found %s in %s. Networks with other inputs cannot be used.",
            found, FILES.resolve(form + ".pt"));
  }

  @Test
  void rejectsAnInputWithAnotherName() {
    assertThatThrownBy(() -> open("defaults", "photo", ""))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model form: backend djl needs one input named \"photo\", found [image] in %s."
                + " Correct the input's name (input.name on a card).",
            FILES.resolve("defaults.pt"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          suppression | Unknown builtin op: torchvision::nms. Export it with PyTorch's own operators only.
          weights     | PytorchStreamReader failed locating file constants.pkl: file not found. It holds weights without a network. Save it with torch.jit.save.
          oldweights  | PytorchStreamReader failed reading zip archive: failed finding central directory. It is damaged or not TorchScript. Download it again, or export it for this version of PyTorch.
          noforward   | Method 'forward' is not defined. It is damaged or not TorchScript. Download it again, or export it for this version of PyTorch.
          """)
  void saysWhyAFileCannotBeOpenedAndWhatToDo(String form, String message) {
    Path file = FILES.resolve(form + ".pt");
    assertThatThrownBy(() -> open(file, "image", ""))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model form: backend djl cannot open %s: %s", file, message);
  }

  @Test
  void aModelOfAnotherFormatIsNoTorchScript(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("affine.onnx");
    try (InputStream in =
        MicroModel.AFFINE
            .descriptor()
            .file(ModelFormat.ONNX)
            .orElseThrow()
            .location()
            .toURL()
            .openStream()) {
      Files.copy(in, file);
    }

    assertThatThrownBy(() -> open(file, "image", "out"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model form: backend djl cannot open %s: PytorchStreamReader failed reading zip archive:"
                + " failed finding central directory. It is damaged or not TorchScript. Download it"
                + " again, or export it for this version of PyTorch.",
            file);
  }

  @Test
  void rejectsABfloat16InputAndSaysWhatToDo() {
    assertThatThrownBy(() -> open("brain", "image", ""))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(
            "model form: backend djl cannot create the bfloat16 input that %s needs (",
            FILES.resolve("brain.pt"))
        .hasMessageEndingWith(
            "). Convert the input first in its forward method: x = x.to(torch.bfloat16).");
  }

  @Test
  void reportsTheInputType() {
    try (InferenceSession half = open("half", "image", "");
        InferenceSession single = open("brainwithin", "image", "")) {
      assertThat(half.input().type()).hasValue(ElementType.FLOAT16);
      assertThat(single.input().type()).hasValue(ElementType.FLOAT32);
      assertThat(single.input()).hasToString("[? x ? x ? x ?]");
    }
  }

  @ParameterizedTest
  @CsvSource({"flags : sse2 avx512f, 1", "flags : sse2 avx512_bf16, 0"})
  void warnsOfAProcessorWithoutBfloat16Instructions(
      String cpuInfo, int warnings, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("cpuinfo"), cpuInfo);
    Logger logger = Logger.getLogger("io.github.pixelwise");
    List<String> messages = new ArrayList<>();
    Filter recording =
        message -> {
          messages.add(message.getMessage());
          return false;
        };
    System.setProperty("pixelwise.cpuinfo", file.toString());
    logger.setFilter(recording);
    try {
      open("brainwithin", "image", "").close();
      open("half", "image", "").close();
    } finally {
      logger.setFilter(null);
      System.clearProperty("pixelwise.cpuinfo");
    }

    assertThat(messages)
        .hasSize(warnings)
        .allMatch(
            message -> message.startsWith("model form computes in bfloat16, but this processor"));
  }

  @Test
  void identifiesAPickledModule() {
    ModelCard card = card(FILES.resolve("pickled.pt"), "image", "");

    assertThatThrownBy(() -> Segmenter.builder().model(card).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(
            "pickled.pt is not in the format torchscript: it is a pickled object of the Python class"
                + " __main__.OddSelf, which only Python can open: export the network there");
  }

  @Test
  void acceptsScoresWithoutABatchAxis() {
    ModelCard card = card(FILES.resolve("rank3.pt"), "image", "out");
    RgbImage black = RgbImage.of(8, 6, new byte[8 * 6 * 3]);

    try (Segmenter segmenter = Segmenter.builder().model(card).open()) {
      assertThat(segmenter.segment(black).mask().width()).isEqualTo(8);
    }
  }

  @Test
  void passesOnAModulesErrorWithoutItsStackTrace() {
    try (InferenceSession session = open("refusal", "image", "")) {
      assertThatThrownBy(() -> session.run(IMAGE))
          .isInstanceOf(InferenceException.class)
          .hasMessage(
              "model form: backend djl failed on an input of FloatTensor[1 x 3 x 2 x 1]: seven rows are expected");
    }
  }

  @Test
  void rejectsAMissingDevice() {
    Path file = FILES.resolve("unnamed.pt");
    DjlBackend djl = new DjlBackend();
    BackendContext context =
        BackendContext.builder(djl, card(file, "", ""), ModelFormat.TORCHSCRIPT, file)
            .device(Device.cuda(99))
            .build();

    assertThatThrownBy(() -> djl.open(context))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(
            "model form: device cuda:99 is not available: backend djl found cpu")
        .hasMessageEndingWith(
            "Choose one of these or auto. For CUDA, add its native libraries, such as"
                + " ai.djl.pytorch:pytorch-native-cu128.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"größe 日本.pt", "cat 😀.pt"})
  void acceptsAnyCharactersInPaths(String name, @TempDir Path folder) throws IOException {
    Path file = Files.copy(FILES.resolve("unnamed.pt"), folder.resolve(name));

    open(file, "", "").close();
  }
}
