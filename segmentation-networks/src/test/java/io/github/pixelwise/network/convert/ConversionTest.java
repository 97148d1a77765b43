package io.github.pixelwise.network.convert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.card.CardWriter;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {
  private static final Path CHECKPOINTS = Path.of("src/test/resources/io/github/pixelwise/network");

  @TempDir private Path folder;

  private final Network network = tiny("tiny");
  private final Map<String, WeightTensor> tensors = Numbers.of(network, 1);

  private static Network tiny(String name) {
    return tiny(name, SizeRule.longEdge(64));
  }

  private static Network tiny(String name, SizeRule size) {
    Layer image = Layer.input(3, InputSpec.builder("image", size).imageNet().build());
    return Network.of(
        name,
        image
            .convolution("stem", 4, Kernel.of(3).stride(2))
            .batchNorm("norm")
            .relu()
            .convolution("scores", 2, Kernel.of(1).withBias()));
  }

  private Conversion conversion() {
    return Conversion.of(network, Weights.of(network, tensors));
  }

  static void requireHashes(ModelCard card) throws IOException {
    for (ModelFile file : card.files()) {
      assertThat(file.sha256()).hasValue(Sha256.of(Path.of(file.location())));
    }
  }

  /** Every file in a folder with its hash. */
  static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.isDirectory(file) ? "" : Sha256.of(file));
      }
    }
    return contents;
  }

  @ParameterizedTest
  @EnumSource
  void theSameConversionGivesTheSameBytes(Precision precision) throws IOException {
    Network lraspp =
        Networks.of("lraspp-mobilenet-v3-large", NetworkOptions.ofClasses(3).withWidth(1 / 32.0));
    for (Scores scores : Scores.values()) {
      Path first = folder.resolve("first").resolve(scores.name());
      Path second = folder.resolve("second").resolve(scores.name());
      for (Path each : List.of(first, second)) {
        Conversion.of(lraspp, Numbers.weights(lraspp))
            .scores(scores)
            .precision(precision)
            .write(each);
      }

      assertThat(contents(first))
          .hasSize(precision == Precision.BFLOAT16 ? 2 : 3)
          .isEqualTo(contents(second));
    }
  }

  @Test
  void theDigitsOfTheMachinesLanguageDoNotMatter() throws IOException {
    writeResNet(folder.resolve("first"));
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat("%d".formatted(8)).isNotEqualTo("8");
      writeResNet(folder.resolve("second"));
    } finally {
      Locale.setDefault(before);
    }

    assertThat(contents(folder.resolve("second"))).isEqualTo(contents(folder.resolve("first")));
  }

  private static void writeResNet(Path folder) throws IOException {
    Network network =
        Networks.of("deeplabv3-resnet50", NetworkOptions.ofClasses(3).withWidth(1 / 32.0));
    Conversion.of(network, Numbers.weights(network)).scores(Scores.INPUT).write(folder);
  }

  @Test
  void theCardLiesBesideAndHasTheHashesOfTheFiles() throws IOException {
    ModelCard card =
        conversion()
            .name("scans.v2")
            .description("Finds scans")
            .license("Apache-2.0")
            .source("https://example.org/scans.pth")
            .labels(LabelMap.of(List.of("paper", "ink")))
            .palette(Palette.cityscapes())
            .write(folder.resolve("new").resolve("models"));

    Path models = folder.resolve("new").resolve("models");
    assertThat(contents(models))
        .containsOnlyKeys("scans.v2.onnx", "scans.v2.pt", "scans.v2.properties");
    assertThat(card.files())
        .extracting(ModelFile::format)
        .containsExactly(ModelFormat.ONNX, ModelFormat.TORCHSCRIPT);
    requireHashes(card);
    assertThat(ModelCard.read(models.resolve("scans.v2.properties"))).isEqualTo(card);
    assertThat(card.description()).isEqualTo("Finds scans");
    assertThat(card.output().stride()).isEqualTo(2);
  }

  @Test
  void theFilesHoldTheCardToo() throws IOException {
    ModelCard card =
        conversion().description("Größe \\ 3").labels(LabelMap.of(List.of("ä", "b"))).write(folder);
    Map<String, String> expected = CardWriter.describe(card);

    ModelProto onnx = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("tiny.onnx")));
    assertThat(
            onnx.getMetadataPropsList().stream()
                .collect(
                    Collectors.toMap(
                        StringStringEntryProto::getKey, StringStringEntryProto::getValue)))
        .isEqualTo(expected);
    try (ZipFile zip = new ZipFile(folder.resolve("tiny.pt").toFile())) {
      byte[] entry =
          zip.getInputStream(zip.getEntry("network/extra/card.properties")).readAllBytes();
      assertThat(new String(entry, UTF_8))
          .contains("description = Größe \\\\ 3\n", "labels = ä, b\n")
          .hasLineCount(expected.size());
    }
  }

  @Test
  void classesAreNumberedUnlessTheyAreNamed() throws IOException {
    ModelCard card = conversion().write(folder);

    assertThat(card.labels().names()).containsExactly("class 0", "class 1");
    assertThat(card.name()).isEqualTo("tiny");
    assertThat(card.palette()).isEqualTo(Palette.voc());
  }

  @Test
  void aCheckpointOfAnotherNetworkIsRefusedWithItsNames() {
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(
            () -> Conversion.of(network, CHECKPOINTS.resolve("checkpoint").resolve("views.pth")))
        .withMessageStartingWith("the checkpoint does not fit network tiny")
        .withMessageContaining("Missing, 7: stem.weight, norm.weight, ")
        .withMessageContaining("Left over, 14: channels_last, column, ");
  }

  @Test
  void aMissingCheckpointIsNamed() {
    assertThatIOException()
        .isThrownBy(() -> Conversion.of(network, folder.resolve("none.pth")))
        .withMessageContaining("none.pth");
  }

  @Test
  void thePhotoMayBePreparedInAnotherWay() throws IOException {
    InputSpec input =
        InputSpec.builder("image", SizeRule.shortEdge(99)).crop(64, 48).mean(0.5, 0.5, 0.5).build();
    Network fixed = tiny("fixed", SizeRule.fixed(64, 48));

    ModelCard card = Conversion.of(fixed, Weights.of(fixed, tensors)).input(input).write(folder);

    assertThat(card.input()).isEqualTo(input);
    assertThat(ModelCard.read(folder.resolve("fixed.properties")).input()).isEqualTo(input);
    assertThat(ModelCard.read(folder.resolve("fixed.pt")).input()).isEqualTo(input);
  }

  @Test
  void anInputOfAnotherSizeIsRefused() {
    InputSpec input = InputSpec.builder("image", SizeRule.fixed(64, 64)).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().input(input))
        .withMessage(
            "network tiny is built for the input \"image\" in NCHW, long-edge 64; found \"image\""
                + " in NCHW, fixed 64 x 64. Build the network with NetworkOptions.withSize");
  }

  @Test
  void anInputOfAnotherNameIsRefused() {
    InputSpec input = InputSpec.builder("photo", SizeRule.longEdge(64)).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().input(input))
        .withMessageContaining("found \"photo\" in NCHW, long-edge 64.");
  }

  @Test
  void anInputOfAnotherLayoutIsRefused() {
    InputSpec input =
        InputSpec.builder("image", SizeRule.longEdge(64)).layout(TensorLayout.NHWC).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().input(input))
        .withMessageContaining("found \"image\" in NHWC, long-edge 64.");
  }

  @Test
  void labelsOfAnotherNumberAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().labels(LabelMap.voc()))
        .withMessage("network tiny has 2 classes, found labels for 21");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "../a", "", ".a", "a b", "a\\b", "a\n"})
  void aNameThatIsNoFileNameIsRefused(String name) {
    String message =
        "a model's name may contain letters, digits, dots, hyphens and underscores and must not "
            + "start with a dot, found \""
            + name
            + "\"";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().name(name))
        .withMessage(message);
    Network named = tiny(name);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Conversion.of(named, Numbers.weights(named)))
        .withMessage(message);
  }

  @Test
  void formatsThatNetworksAreNotWrittenInAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().formats(ModelFormat.ONNX, new ModelFormat("tflite")))
        .withMessage("networks can be written as [onnx, torchscript], found [onnx, tflite]");
    assertThatIllegalArgumentException().isThrownBy(() -> conversion().formats());
  }

  @Test
  void bfloat16IsRefusedForOnnxBeforeAnythingIsWritten() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                conversion()
                    .precision(Precision.BFLOAT16)
                    .formats(ModelFormat.TORCHSCRIPT, ModelFormat.ONNX)
                    .write(folder.resolve("new")))
        .withMessage(
            "onnx supports weights of [FLOAT32, FLOAT16], found BFLOAT16;"
                + " formats that support it: [torchscript]");
    assertThat(folder).isEmptyDirectory();
    assertThat(conversion().precision(Precision.BFLOAT16).write(folder).files())
        .extracting(ModelFile::format)
        .containsExactly(ModelFormat.TORCHSCRIPT);
  }

  @Test
  void aTargetThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");

    assertThatIOException()
        .isThrownBy(() -> conversion().write(file))
        .withMessage("cannot write to the folder " + file + ": it is a file");
    assertThatIOException()
        .isThrownBy(() -> conversion().write(file.resolve("below")))
        .withMessageStartingWith("cannot write to the folder " + file.resolve("below") + ": ");
    assertThat(file).hasContent("old");
  }

  @Test
  void aReadOnlyFolderIsNamed() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    // The superuser may write everywhere, but not into /proc.
    Path target = Files.isWritable(folder) ? Path.of("/proc") : folder;
    assumeFalse(!Files.exists(target), "skipped: this system has no folder that cannot be written");

    assertThatIOException()
        .isThrownBy(() -> conversion().write(target))
        .withMessageStartingWith("cannot write to the folder " + target + ": ");
  }

  @Test
  void aWeightTooLargeForFloat16LeavesTheFolderAsItWas() throws IOException {
    conversion().write(folder);
    Map<String, String> before = contents(folder);
    tensors.put("scores.bias", Numbers.of(List.of(2), 1, 70_000));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().precision(Precision.FLOAT16).write(folder))
        .withMessage(
            "scores.bias contains 70000.0, which is too large for float16;"
                + " use float32 weights");
    assertThat(contents(folder)).isEqualTo(before);
  }

  @Test
  void aCheckpointThatCannotBeReadAnyMoreLeavesTheFolderAsItWas() throws IOException {
    conversion().write(folder);
    Map<String, String> before = contents(folder);
    tensors.put(
        "scores.bias",
        WeightTensor.of(
            List.of(2),
            () -> {
              throw new UncheckedIOException("the disk is gone", new IOException());
            }));

    assertThatIOException()
        .isThrownBy(() -> conversion().write(folder))
        .withMessage("cannot read the checkpoint: the disk is gone");
    assertThat(contents(folder)).isEqualTo(before);
  }

  @Test
  void weightsOfAnotherNumberThanTheyClaimAreNotWritten() {
    tensors.put("scores.bias", Numbers.of(List.of(2), 1, 2, 3));

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> conversion().write(folder))
        .withMessage("scores.bias has shape [2], found 3 values");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTextThatDoesNotFitOnTheCardLeavesTheFolderAsItWas() throws IOException {
    conversion().write(folder);
    Map<String, String> before = contents(folder);
    tensors.put("scores.bias", Numbers.of(List.of(2), 1, 2));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> conversion().description("two\nlines").write(folder))
        .withMessageContaining("a card's description must be one line");
    assertThat(contents(folder)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny.onnx", "tiny.pt", "tiny.properties"})
  void aFolderInAFilesPlaceLeavesTheOthersAsTheyWere(String name) throws IOException {
    conversion().write(folder);
    Files.delete(folder.resolve(name));
    Files.createDirectory(folder.resolve(name));
    Map<String, String> before = contents(folder);

    assertThatIOException()
        .isThrownBy(() -> conversion().precision(Precision.FLOAT16).write(folder))
        .withMessage("cannot write " + folder.resolve(name) + ": it is a folder");
    assertThat(contents(folder)).isEqualTo(before);
  }

  @Test
  void threadsThatWriteOneModelLeaveFilesOfOneOfThem() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 10; round++) {
        List<Future<ModelCard>> written =
            IntStream.range(0, 4)
                .mapToObj(
                    seed ->
                        threads.submit(
                            () ->
                                Conversion.of(
                                        network, Weights.of(network, Numbers.of(network, seed)))
                                    .write(folder)))
                .toList();
        List<ModelCard> cards = new ArrayList<>();
        for (Future<ModelCard> each : written) {
          cards.add(each.get());
        }

        ModelCard left = ModelCard.read(folder.resolve("tiny.properties"));
        assertThat(cards).contains(left);
        requireHashes(left);
        assertThat(contents(folder)).hasSize(3);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
