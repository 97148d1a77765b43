package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.fakes.GoodBackend;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.ResizeMode;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {
  private static final String SHORTEST =
      """
      name = colors
      file.onnx = colors.onnx
      input.name = in
      input.size = fixed 4 x 2
      output.name = out
      labels = red, green, blue
      """;

  /** The SHA-256 of an empty file. */
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir private Path folder;
  private Path card;

  @BeforeEach
  void start() throws IOException {
    card = folder.resolve("colors.properties");
    Files.createFile(folder.resolve("colors.onnx"));
  }

  private ModelCard read(String content) throws IOException {
    Files.writeString(card, content);
    return ModelCard.read(card);
  }

  private ModelCard.Builder card(String... labels) {
    return ModelCard.builder(
            "colors",
            InputSpec.builder("in", SizeRule.fixed(4, 2)).build(),
            OutputSpec.logits("out", 1),
            LabelMap.of(List.of(labels)))
        .file(ModelFormat.ONNX, folder.resolve("colors.onnx"));
  }

  @Test
  void hasTheUsualDefaults() throws IOException {
    ModelCard model = read(SHORTEST);

    assertThat(model).isEqualTo(card("red", "green", "blue").build());
  }

  @Test
  void anUnknownStrideIsWrittenAndRead() throws IOException {
    ModelCard model = read(SHORTEST + "output.stride = 0");

    model.write(card);

    assertThat(model.output()).isEqualTo(OutputSpec.logits("out", 0));
    assertThat(ModelCard.read(card)).isEqualTo(model);
  }

  @Test
  void everyKeyIsRead() throws IOException {
    ModelCard model =
        read(
            """
            # A comment.
            name = all
            description = Colours – with every key
            license = CC0-1.0
            source = https://example.org/all
            file.onnx = nets/all 1.onnx
            file.onnx.sha256 = %s
            file.torchscript = all.pt
            input.name = pixels
            input.layout = NHWC
            input.channels = BGR
            input.scale = 1/127.5
            input.mean = 1, 1, 1
            input.std = 0.5, 0.25, 2
            input.size = short-edge 513
            input.multiple = 16
            input.remainder = 1
            input.rounding = down
            input.resize = letterbox
            input.crop = 500 x 400
            input.crop.rounding = down
            input.preprocessor = bgr-lab
            input.interpolation = nearest
            input.padding = 127.5
            output.name = scores
            output.layout = nhwc
            output.kind = sigmoid
            output.stride = 16
            output.alignment = aligned-corners
            output.threshold = 0.25
            labels = none, some
            ignore-index = 254
            palette = #000000, #FF8000
            """
                .formatted(EMPTY));

    assertThat(model)
        .isEqualTo(
            ModelCard.builder(
                    "all",
                    InputSpec.builder(
                            "pixels",
                            SizeRule.shortEdge(513)
                                .withMultiple(16, 1)
                                .withRounding(SizeRule.Rounding.DOWN))
                        .layout(TensorLayout.NHWC)
                        .channelOrder(ChannelOrder.BGR)
                        .scale(1 / 127.5)
                        .mean(1, 1, 1)
                        .std(0.5, 0.25, 2)
                        .resize(ResizeMode.LETTERBOX)
                        .crop(500, 400, SizeRule.Rounding.DOWN)
                        .interpolation(Interpolation.NEAREST)
                        .padding(127.5)
                        .preprocessor("bgr-lab")
                        .build(),
                    OutputSpec.logits("scores", 16)
                        .withLayout(TensorLayout.NHWC)
                        .withKind(OutputKind.SIGMOID)
                        .withAlignment(GridAlignment.ALIGNED_CORNERS)
                        .withThreshold(0.25),
                    LabelMap.of(List.of("none", "some"), 254))
                .description("Colours – with every key")
                .license("CC0-1.0")
                .source("https://example.org/all")
                .files(
                    List.of(
                        new ModelFile(
                            ModelFormat.ONNX,
                            folder.resolve("nets/all 1.onnx").toUri(),
                            Optional.of(EMPTY)),
                        new ModelFile(
                            ModelFormat.TORCHSCRIPT,
                            folder.resolve("all.pt").toUri(),
                            Optional.empty())))
                .palette(Palette.of(List.of(0x000000, 0xff8000)))
                .build());

    Path copy = folder.resolve("copy.properties");
    model.write(copy);
    assertThat(ModelCard.read(copy)).isEqualTo(model);
  }

  @Test
  void aSaliencyNetworksKeysAreReadAndWritten() throws IOException {
    ModelCard model =
        read(
            SHORTEST.replace("red, green, blue", "background, thing")
                + """
                input.scale = 1/maximum
                input.mean = 0.485, 0.456, 0.406
                input.interpolation = lanczos
                output.kind = sigmoid
                output.normalize = min-max
                output.interpolation = lanczos
                output.edge = soft
                """);

    assertThat(model.input())
        .isEqualTo(
            InputSpec.builder("in", SizeRule.fixed(4, 2))
                .scaleByMaximum()
                .mean(0.485, 0.456, 0.406)
                .interpolation(Interpolation.LANCZOS)
                .build())
        .isNotEqualTo(
            InputSpec.builder("in", SizeRule.fixed(4, 2))
                .mean(0.485, 0.456, 0.406)
                .interpolation(Interpolation.LANCZOS)
                .build());
    assertThat(model.input().scale()).isEqualTo(1 / 255.0);
    OutputSpec sigmoid = OutputSpec.logits("out", 1).withKind(OutputKind.SIGMOID);
    assertThat(model.output())
        .isEqualTo(
            sigmoid.withMinMax(true).withInterpolation(Interpolation.LANCZOS).withSoftEdge(true))
        .isNotEqualTo(sigmoid.withMinMax(true).withInterpolation(Interpolation.LANCZOS))
        .isNotEqualTo(sigmoid.withMinMax(true).withSoftEdge(true))
        .isNotEqualTo(sigmoid.withInterpolation(Interpolation.LANCZOS).withSoftEdge(true));
    model.write(card);
    assertThat(ModelCard.read(card)).isEqualTo(model);
    assertThat(card).content().contains("input.scale = 1/maximum\n");
  }

  @Test
  void aCardSaysNothingOfWhatItDoesNotUse() throws IOException {
    read(SHORTEST).write(card);

    assertThat(card)
        .content()
        .doesNotContain("output.normalize", "output.interpolation", "output.edge");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"input.resize = pad", "input.crop = 2 x 2", "output.alignment = aligned-corners"})
  void lanczosNeedsAStretchedInput(String line) {
    assertThatThrownBy(
            () ->
                read(
                    SHORTEST.replace("red, green, blue", "background, thing")
                        + "output.kind = sigmoid\noutput.interpolation = lanczos\n"
                        + line))
        .isInstanceOf(IOException.class)
        .hasMessage(
            card
                + ": key output.normalize, output.interpolation, output.edge: an output is enlarged by"
                + " Lanczos only if its input is stretched (input.resize = stretch, no input.crop) and"
                + " its grid has half-pixel alignment. Use bilinear interpolation.");
  }

  @Test
  void classesWithoutProbabilitiesHaveNoSoftEdges() {
    assertThatThrownBy(() -> read(SHORTEST + "output.kind = categories\noutput.edge = soft\n"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "an output of the kind categories has no probabilities, so its cutouts cannot have soft"
                + " edges; use hard edges");
  }

  @Test
  void outputsAreEnlargedBilinearlyOrByLanczos() {
    assertThatThrownBy(() -> OutputSpec.logits("out", 1).withInterpolation(Interpolation.NEAREST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an output's interpolation must be BILINEAR or LANCZOS, found NEAREST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sigmoid", "binary-logits"})
  void theOnlyLabelOfABinaryNetworkComesAfterABlackBackground(String kind) throws IOException {
    String one = SHORTEST.replace("red, green, blue", "road") + "output.kind = " + kind + "\n";

    ModelCard model = read(one + "palette = #804080\nignore-index = 9\n");

    assertThat(model.labels()).isEqualTo(LabelMap.of(List.of("background", "road"), 9));
    assertThat(model.palette()).isEqualTo(Palette.of(List.of(0, 0x804080)));
    model.write(card);
    assertThat(ModelCard.read(card)).isEqualTo(model);
    assertThat(read(one).palette()).isEqualTo(Palette.voc());
    assertThat(read(one + "palette = #ffffff, #804080\n").palette())
        .isEqualTo(Palette.of(List.of(0xffffff, 0x804080)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"logits", "probabilities"})
  void rejectsOneChannelForLogitsAndProbabilities(String kind) {
    String one = SHORTEST.replace("red, green, blue", "road") + "output.kind = " + kind + "\n";

    assertThatThrownBy(() -> read(one))
        .isInstanceOf(IOException.class)
        .hasMessage(
            card
                + ": key output.kind, labels: an output of the kind "
                + kind
                + " has one channel for each of two or more classes, found only the label road. "
                + "For a network with one channel, use the kind binary-logits, or sigmoid if "
                + "its values are in 0..1, and two labels: background, road.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What people copy: mmsegmentation and Keras, OpenCV, torchvision, timm.
        "1/255 | 123.675, 116.28, 103.53 | 58.395, 57.12, 57.375"
            + " | makes samples of 0..1, but the input.mean of 123.675, 116.28, 103.53, subtracted"
            + " after scaling, makes every input negative, and the input.std of 58.395, 57.12, 57.375"
            + " is for samples of 0..255. Write input.scale = 1, or input.mean = 0.485, 0.456,"
            + " 0.406 with input.std = 0.229, 0.224, 0.225.",
        "1/255 | 103.939, 116.779, 123.68 | 1, 1, 1 | Write input.scale = 1, or input.mean ="
            + " 0.407604, 0.457957, 0.48502.",
        "1/127.5 | 127.5, 127.5, 127.5 | 1, 1, 1 | Write input.scale = 1, or input.mean = 1, 1, 1.",
        "1/255 | 0.485, 0.456, 0.406 | 58.395, 57.12, 57.375 | Write input.std = 0.229, 0.224, 0.225.",
        "1/255 | 0, 0, 0 | 255, 255, 255 | Write input.scale = 1, or input.std = 1, 1, 1.",
        "1 | 0.485, 0.456, 0.406 | 0.229, 0.224, 0.225 | Write input.scale = 1/255, or input.mean ="
            + " 123.675, 116.28, 103.53 with input.std = 58.395, 57.12, 57.375.",
        "1 | 0.5, 0.5, 0.5 | 1, 1, 1 | the input.mean of 0.5, 0.5, 0.5 is for samples of 0..1."
            + " Write input.scale = 1/255, or input.mean = 127.5, 127.5, 127.5.",
        "1 | 123.675, 116.28, 103.53 | 0.229, 0.224, 0.225 | Write input.std = 58.395, 57.12, 57.375.",
        "1 | 300, 300, 300 | 1, 1, 1 | makes every input negative.",
      })
  void numbersForOtherSamplesThanTheScaleMakesAreRefusedWithTheLineToWrite(
      String scale, String mean, String std, String message) {
    assertThatThrownBy(
            () ->
                read(
                    SHORTEST
                        + "input.scale = %s\ninput.mean = %s\ninput.std = %s\n"
                            .formatted(scale, mean, std)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            card + ": key input.scale, input.mean, input.std: the input.scale of ")
        .hasMessageEndingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1/255 | 0.485, 0.456, 0.406 | 0.229, 0.224, 0.225",
        "1 | 123.675, 116.28, 103.53 | 58.395, 57.12, 57.375",
        "1 | 103.939, 116.779, 123.68 | 1, 1, 1",
        "1 | 0, 0, 0 | 1, 1, 1",
        "1 | 0, 0, 0 | 255, 255, 255",
        "1 | 127.5, 127.5, 127.5 | 127.5, 127.5, 127.5",
        "1/127.5 | 1, 1, 1 | 1, 1, 1",
        "1/255 | 0.5, 0.5, 0.5 | 0.5, 0.5, 0.5",
        "1/255 | 0, 0, 0 | 1, 1, 1",
        "1/255 | 1, 1, 1 | 1, 1, 1",
        "1/255 | -0.5, -0.5, -0.5 | 2, 2, 2",
        "0.017 | 2.1, 1.98, 1.76 | 1, 1, 1",
      })
  void whatNetworksAreTrainedWithIsAccepted(String scale, String mean, String std)
      throws IOException {
    read(
        SHORTEST
            + "input.scale = %s\ninput.mean = %s\ninput.std = %s\n".formatted(scale, mean, std));
  }

  @ParameterizedTest
  @ValueSource(strings = {"voc", "cityscapes", "camvid", "ade20k"})
  void dataSetsAreReadAndWrittenByName(String dataSet) throws IOException {
    ModelCard model =
        read(SHORTEST.replace("red, green, blue", dataSet) + "palette = " + dataSet + "\n");

    model.write(card);

    assertThat(card).content().contains("labels = " + dataSet + "\n");
    assertThat(card).content().contains("palette = " + dataSet + "\n");
    assertThat(ModelCard.read(card)).isEqualTo(model);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "input.men = 0, 0, 0 | unknown key input.men (did you mean \"input.mean\"?), found"
            + " \"0, 0, 0\"; expected keys are description, file.onnx, file.onnx.sha256, ",
        "colour = 1 | unknown key colour, found \"1\"; expected keys are ",
        "input.mean = 0.5, 0.5 | key input.mean: expected three numbers, found \"0.5, 0.5\" (there are"
            + " 2)",
        "input.mean = a, b, c | key input.mean: expected three numbers, found \"a, b, c\"",
        "input.std = 1, 0, 1 | key input.std: expected three numbers above 0, found \"1, 0, 1\" (not"
            + " all are above 0)",
        "input.std = 1, NaN, 1 | key input.std: expected three numbers above 0, found",
        "input.scale = -1 | key input.scale: expected a number above 0, or 1/maximum, found \"-1\"",
        "input.scale = 1/0 | key input.scale: expected a number above 0, or 1/maximum, found \"1/0\"",
        "input.layout = CHW | key input.layout: expected one of NCHW, NHWC, found \"CHW\"",
        "input.channels = GBR | key input.channels: expected one of RGB, BGR, found \"GBR\"",
        "input.resize = squash | key input.resize: expected one of stretch, letterbox, pad, found"
            + " \"squash\"",
        "input.interpolation = sinc | key input.interpolation: expected one of bilinear, bicubic, lanczos, nearest, opencv-linear,"
            + " found \"sinc\"",
        "output.normalize = softmax | key output.normalize: expected none or min-max, found \"softmax\"",
        "output.normalize = min-max | key output.normalize, output.interpolation, output.edge: only an"
            + " output with one channel, of the kind sigmoid or binary-logits, is normalized by its"
            + " minimum and maximum, found the kind logits",
        "output.interpolation = nearest | key output.interpolation: expected bilinear or lanczos, found"
            + " \"nearest\"",
        "output.interpolation = lanczos | key output.normalize, output.interpolation, output.edge: only an"
            + " output with one channel, of the kind sigmoid or binary-logits, is enlarged by Lanczos,"
            + " found the kind logits. Use bilinear interpolation.",
        "output.edge = feathered | key output.edge: expected hard or soft, found \"feathered\"",
        "input.preprocessor = BGR Lab | key input.preprocessor: expected the name of a preprocessor,"
            + " found \"BGR Lab\" (lower-case letters, digits and hyphens)",
        "input.crop = 224 | key input.crop: expected W x H, found \"224\"",
        "input.crop = 0 x 9 | key input.crop: expected W x H, found \"0 x 9\" (the sides of a crop must"
            + " lie in 1..8192, found 0 x 9)",
        "input.rounding = up | key input.rounding: expected one of nearest, down, found \"up\"",
        "input.padding = 256 | key input.padding: expected a sample, 0 to 255, found \"256\"",
        "input.multiple = 0 | key input.multiple: expected a whole number of at least 1, found \"0\"",
        "input.multiple = 16 | key input.multiple, input.remainder: a fixed size has no multiple, found 16",
        "input.remainder = 1 | key input.multiple, input.remainder: multiple must be at least 1 and remainder in 0..multiple-1, found 1 and"
            + " 1",
        "output.kind = softmax | key output.kind: expected one of logits, probabilities, sigmoid,"
            + " binary-logits, categories, found \"softmax\"",
        "output.kind = sigmoid | key output.kind, labels: an output of the kind sigmoid decides between two classes,"
            + " such as background and blue; found 3 labels: red, green, blue",
        "output.kind = binary-logits | key output.kind, labels: an output of the kind binary-logits"
            + " decides between two classes, such as background and blue; found 3 labels: red, green, blue",
        "output.stride = -1 | key output.stride: expected a whole number, 0 if not known, found \"-1\"",
        "output.stride = four | key output.stride: expected a whole number, 0 if not known, found"
            + " \"four\"",
        "output.alignment = corners | key output.alignment: expected one of half-pixel,"
            + " aligned-corners, found \"corners\"",
        "output.threshold = 1.5 | key output.threshold: expected a number above 0, at most 1, found"
            + " \"1.5\"",
        "output.threshold = 0 | key output.threshold: expected a number above 0, at most 1, found"
            + " \"0\"",
        "ignore-index = 2 | key ignore-index: the ignore index must lie in 3..65535, beyond the classes, found 2",
        "palette = #12345 | key palette: expected a data set or a list of colors #rrggbb, found"
            + " \"#12345\" (not a color: #12345)",
        "file.onnx.sha256 = 12 | key file.onnx.sha256: expected 64 hexadecimal digits, found \"12\"",
        "name = twice | key name occurs twice"
      })
  void aWrongKeyOrValueIsNamedWithWhatIsExpected(String line, String message) {
    assertThatThrownBy(() -> read(SHORTEST + line + "\n"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(card + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "input.size = 4 x 2 | key input.size: expected \"fixed W x H\", \"long-edge N\" or"
            + " \"short-edge N\", found \"4 x 2\"",
        "input.size = long-edge 4 x 2 | key input.size: expected \"fixed W x H\", \"long-edge N\" or"
            + " \"short-edge N\", found \"long-edge 4 x 2\" (an edge has one length)",
        "input.size = fixed 0 | key input.size: expected \"fixed W x H\", \"long-edge N\" or"
            + " \"short-edge N\", found \"fixed 0\" (sides must be at least 1, found 0 x 0)"
      })
  void aWrongSizeIsNamed(String line, String message) {
    assertThatThrownBy(() -> read(SHORTEST.replace("input.size = fixed 4 x 2", line)))
        .isInstanceOf(IOException.class)
        .hasMessage(card + ": " + message);
  }

  @Test
  void labelsMustBeUniqueAndNotBlank() {
    assertThatThrownBy(() -> read(SHORTEST.replace("red, green, blue", "red, green, Red")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            card
                + ": key labels: expected a data set or a list of names, found \"red, green, Red\""
                + " (labels must be unique, found twice: Red)");
    assertThatThrownBy(() -> read(SHORTEST.replace("red, green, blue", "red,, blue")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a label must not be blank, found [red, , blue]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "file.onnx", "input.name", "input.size", "output.name", "labels"})
  void aMissingKeyIsNamed(String key) {
    String content = SHORTEST.replaceAll("(?m)^" + key + " = .*\n", "");

    assertThatThrownBy(() -> read(content))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(card + ": key " + key + " is missing: expected ");
  }

  @Test
  void aMissingCardIsNamed() {
    assertThatThrownBy(() -> ModelCard.read(card))
        .isInstanceOf(IOException.class)
        .hasMessage(card + ": there is no such file or folder; expected a model card");
    assertThatThrownBy(() -> Segmenter.builder().model(card).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "cannot open a model: "
                + card
                + ": there is no such file or folder; expected a model card")
        .hasCauseInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFileThatIsNotUtf8IsNamed() throws IOException {
    Files.write(card, (SHORTEST + "source = M\u00e4dchen").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ModelCard.read(card))
        .isInstanceOf(IOException.class)
        .hasMessage(card + ": the file is not UTF-8; save it as UTF-8");
  }

  @Test
  void aFolderIsOpenedByItsOnlyCard() throws IOException {
    ModelCard model = read(SHORTEST);

    assertThat(ModelCard.read(folder)).isEqualTo(model);

    Path other = Files.writeString(folder.resolve("a.properties"), SHORTEST);
    assertThatThrownBy(() -> Segmenter.builder().model(folder).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "cannot open a model: %s: a model folder must contain exactly one model card "
                + "(*.properties), found %s, %s. Name one of them.",
            folder, other, card)
        .hasNoCause();
  }

  @Test
  void aFolderWithoutACardSaysWhatToDo() throws IOException {
    assertThatThrownBy(() -> ModelCard.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: a model folder must contain exactly one model card (*.properties), found none."
                + " See docs/model-card.md for how to write one; this is not a Hugging Face model "
                + "folder, which would contain a config.json.",
            folder);

    Files.createFile(folder.resolve("config.json"));
    assertThatThrownBy(() -> ModelCard.read(folder))
        .hasMessageEndingWith(
            "To open a Hugging Face model folder, use HuggingFaceFolder.read(folder) from "
                + "pixelwise-zoo.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"colors.onnx", "colors.PT", "colors.torchscript"})
  void aNetworkIsOpenedByTheCardOfItsNameBesideIt(String name) throws IOException {
    Path network = folder.resolve(name);
    ModelCard model = read(SHORTEST.replace("colors.onnx", "other.onnx\nfile.mine = " + name));

    if (!Files.exists(network)) {
      Files.createFile(network);
    }

    assertThat(ModelCard.read(network).files())
        .containsExactly(model.file(new ModelFormat("mine")).orElseThrow());
    assertThat(ModelCard.read(network).input()).isEqualTo(model.input());
  }

  @Test
  void aNetworkWhoseCardIsOfAnotherFileIsNotOpenedByIt() throws IOException {
    read(SHORTEST.replace("colors.onnx", "other.onnx"));

    assertThatThrownBy(() -> ModelCard.read(folder.resolve("colors.onnx")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: the card beside it, %s, names other files: [%s]. Open the card, or add this file "
                + "to it",
            folder.resolve("colors.onnx"), card, folder.resolve("other.onnx"));
  }

  @Test
  void aNetworkWithoutACardSaysWhatToWrite() throws IOException {
    Path network = Files.createFile(folder.resolve("old.pt"));

    assertThatThrownBy(() -> Segmenter.builder().model(network).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "cannot open a model: %s: a network needs a model card, and there is no"
                + " old.properties beside it. Write one with name, file.torchscript = old.pt,"
                + " input.name, input.size, output.name and labels (docs/model-card.md), or call "
                + "model(Path, InputSpec) with the file and a description of its input",
            network);
    assertThatThrownBy(() -> ModelCard.read(folder.resolve("gone.onnx")))
        .hasMessage(folder.resolve("gone.onnx") + ": there is no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unet.pth", "last.ckpt", "model.safetensors"})
  void aCheckpointIsToBeConverted(String name) throws IOException {
    Path checkpoint = Files.createFile(folder.resolve(name));

    assertThatThrownBy(() -> ModelCard.read(checkpoint))
        .isInstanceOf(IOException.class)
        .hasMessage(
            checkpoint
                + ": this looks like a checkpoint, which holds weights without a network. Convert "
                + "it with 'segment models convert', or with Conversion in pixelwise-networks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "model.engine", "model"})
  void rejectsFilesThatAreNeitherCardNorNetwork(String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "name = a");

    assertThatThrownBy(() -> ModelCard.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + ": to open a model, name its card (*.properties), the folder that holds the "
                + "card, or its network (.onnx, .pt, .torchscript) beside the card");
  }

  @ParameterizedTest
  @CsvSource({
    "models\\old.onnx, models/old.onnx",
    "nets\\new.onnx, nets/new.onnx",
    "C:\\models\\u2net.onnx, C:/models/u2net.onnx",
    "..\\x.onnx, ../x.onnx",
    ".\\2.onnx, ./2.onnx",
  })
  void aBackslashInAFilesNameIsExplained(String name, String right) {
    assertThatThrownBy(() -> read(SHORTEST.replace("colors.onnx", name)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s: key file.onnx: a backslash is an escape in a properties file, found \"%s\"; write"
                + " \"%s\"",
            card, name, right);
  }

  @ParameterizedTest
  @CsvSource({
    "\\u00fcber.onnx, über.onnx",
    "a\\ b.onnx, a b.onnx",
    "a\\\\b.onnx, a\\b.onnx",
    "a\\:b.onnx, a:b.onnx"
  })
  void acceptsABackslashWhereOneIsNeeded(String written, String name) throws IOException {
    assertThat(read(SHORTEST.replace("colors.onnx", written)).files().get(0).location())
        .isEqualTo(folder.resolve(name).toUri());
  }

  @Test
  void aPaletteOfFewerColorsThanLabelsIsFilledUp() throws IOException {
    Palette palette = read(SHORTEST + "palette = #ff0000, #00ff00\n").palette();

    assertThat(palette).isEqualTo(Palette.of(List.of(0xff0000, 0x00ff00)));
    assertThat(palette.rgb(2)).isEqualTo(Palette.voc().rgb(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"palette = #12345", "input.std = 1, 0, 1", "output.kind = sigmoid", "typo = 1"})
  void reportsACardsErrorOnlyOnceInAChainOfCauses(String line) throws IOException {
    Files.writeString(card, SHORTEST + line + "\n");

    assertThatThrownBy(() -> Segmenter.builder().model(card).open())
        .isInstanceOf(ModelLoadException.class)
        .hasNoCause();
  }

  @Test
  void ignoresAByteOrderMark() throws IOException {
    assertThat(read("\uFEFF" + SHORTEST).name()).isEqualTo("colors");
  }

  @Test
  void aFileIsBesideItsCardWhateverItsName() throws IOException {
    for (String name : new String[] {"http:model.onnx", "über 1.onnx", "sub/a#b?.onnx"}) {
      assertThat(read(SHORTEST.replace("colors.onnx", name)).files().get(0).location())
          .isEqualTo(folder.resolve(name).toUri());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", " outer space", "outer space "})
  void refusesTextThatWouldNotBeReadBack(String text) throws IOException {
    ModelCard model = card("red", "green").description(text).build();

    assertThatThrownBy(() -> model.write(card))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a card's description must be one line without leading or trailing spaces, found \""
                + text
                + "\"");
  }

  @Test
  void labelsMayContainCommas() throws IOException {
    ModelCard model = card("road, route", "sea,", "a\\b", ",").build();

    model.write(card);

    assertThat(ModelCard.read(card)).isEqualTo(model);
    assertThat(card).content().contains("labels = road\\\\, route, sea\\\\,, a\\\\b, \\\\,\n");
    assertThat(LabelMap.parse("road\\, route, sky").names()).containsExactly("road, route", "sky");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a ", "a\\", "a\\,b"})
  void refusesLabelsThatWouldNotBeReadBack(String label) throws IOException {
    ModelCard model = card(label, "green").build();

    assertThatThrownBy(() -> model.write(card))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "labels on a card must not have leading or trailing spaces, or a backslash before a comma or at the end, found \""
                + label
                + "\"");
  }

  @Test
  void aFileThatIsNoPropertiesFileIsNamed() {
    assertThatThrownBy(() -> read("name = \\u00zz\n"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(card + ": not a properties file: ");
  }

  @Test
  void aMissingModelFileIsNamed() throws IOException {
    Files.delete(folder.resolve("colors.onnx"));
    ModelCard model = read(SHORTEST);

    assertThatThrownBy(() -> open(model))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model colors: there is no file %s (file.onnx on a card)"
                .formatted(folder.resolve("colors.onnx")));
  }

  @Test
  void aWrongHashIsNamed() throws IOException {
    Files.write(folder.resolve("colors.onnx"), new byte[1]);
    String found = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    ModelCard model = read(SHORTEST + "file.onnx.sha256 = " + EMPTY + "\n");

    assertThatThrownBy(() -> open(model))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model colors: %s has the SHA-256 %s, but its card expects %s for file.onnx.sha256. Download"
                    .formatted(folder.resolve("colors.onnx"), found, EMPTY)
                + " the file again, or correct the card if the file is the right one.");
  }

  @Test
  void aWrongHashOfWhatIsNoModelSaysWhatItIs() throws IOException {
    Files.writeString(
        folder.resolve("colors.onnx"), "version https://git-lfs.github.com/spec/v1\n");
    ModelCard model = read(SHORTEST + "file.onnx.sha256 = " + EMPTY + "\n");

    assertThatThrownBy(() -> open(model))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model colors: %s is not in the format onnx: it is a Git LFS pointer, not the file itself,"
                + " which git lfs pull fetches.",
            folder.resolve("colors.onnx"));
  }

  @Test
  void aRightHashIsAccepted() throws IOException {
    open(read(SHORTEST + "file.onnx.sha256 = " + EMPTY.toUpperCase(Locale.ROOT) + "\n")).close();
  }

  @Test
  void aModelInAJarIsCopiedIntoTheCacheOnce() throws IOException {
    Path cached = Path.of(System.getProperty("pixelwise.cache"), "models", EMPTY, "colors.onnx");
    Files.deleteIfExists(cached);
    ModelCard model = ModelCard.read(jar("file.onnx.sha256 = " + EMPTY + "\n"));

    open(model).close();
    assertThat(cached).isEmptyFile();

    // A copy that was damaged is replaced.
    Files.writeString(cached, "damaged");
    open(model).close();
    assertThat(cached).isEmptyFile();
  }

  @Test
  void aModelInAJarNeedsAHash() throws IOException {
    ModelCard model = ModelCard.read(jar(""));

    assertThatThrownBy(() -> open(model))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model colors: its card has no file.onnx.sha256, which a model inside a jar needs. For "
                + "this file add the line file.onnx.sha256 = "
                + EMPTY);
  }

  @Test
  void aCardIsWrittenOnlyAboveItsFiles() throws IOException {
    ModelCard model = read(SHORTEST);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("card.properties");

    assertThatThrownBy(() -> model.write(elsewhere))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the card %s must be in the folder of its model's files or above it, found %s"
                .formatted(elsewhere, model.files().get(0).location()));
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void aPaletteMadeByHandCannotBeWritten() throws IOException {
    ModelCard model = card("red", "green").palette(category -> 0).build();

    assertThatThrownBy(() -> model.write(card))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a card's palette must be built-in or made by Palette.of, found ");
  }

  private URL jar(String lines) throws IOException {
    Path jar = folder.resolve("model.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("a/colors.properties"));
      out.write((SHORTEST + lines).getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry("a/colors.onnx"));
    }
    return URI.create("jar:" + jar.toUri() + "!/a/colors.properties").toURL();
  }

  private Segmenter open(ModelCard model) throws IOException {
    return Segmenter.builder()
        .model(model)
        .classLoader(new PluginJars(folder).addBackend(GoodBackend.class).loader())
        .open();
  }
}
