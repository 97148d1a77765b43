package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelsCommandTest {
  private static final String ZOO =
      "../integration-tests/src/test/resources/io/github/pixelwise/integration/zoo/";

  private static final String NAME = "lraspp-mobilenet-v3-large";

  @TempDir private Path cache;
  private String before;

  @BeforeEach
  void useAnEmptyCache() {
    before = System.setProperty("pixelwise.cache", cache.toString());
  }

  @AfterEach
  void useTheFormerCache() {
    System.setProperty("pixelwise.cache", before);
    System.clearProperty("pixelwise.zoo.mirror");
  }

  /** Puts a model, with an empty file, into the cache as if it had been fetched. */
  private Path fetch() throws IOException {
    Path folder = Files.createDirectories(cache.resolve("zoo").resolve(NAME));
    Files.createFile(folder.resolve("empty.onnx"));
    Files.writeString(
        folder.resolve(NAME + ".properties"),
        """
        name = %s
        file.onnx = empty.onnx
        file.onnx.sha256 = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        input.name = input
        input.size = short-edge 520
        output.name = scores
        labels = voc
        """
            .formatted(NAME));
    return folder;
  }

  @Test
  void listsWhatIsFetchedAndHowItIsChecked() throws IOException {
    String source = "https://download\\.pytorch\\.org/models/";
    assertThat(Run.of("models").out())
        .containsPattern("NAME +CLASSES +SIZE +MIOU +LICENSE +FETCHED +CHECKED +FROM")
        .containsPattern(
            "deeplabv3-resnet101 +21 +244\\.5 MB +67\\.4 +BSD-3-Clause +no +64 digits +" + source)
        .containsPattern(NAME + " +21 +13\\.1 MB +57\\.9 +BSD-3-Clause +no +8 digits +" + source);

    Path folder = fetch();
    assertThat(Run.of("models").out()).containsPattern(NAME + " .* yes +8 digits ");

    Files.delete(folder.resolve("empty.onnx"));
    assertThat(Run.of("models").out()).containsPattern(NAME + " .* damaged +8 digits ");
  }

  @Test
  void cutsLongLicensesOffInTheTable() {
    assertThat(Run.of("models").out())
        .containsPattern(
            "segformer-b0-finetuned-ade-512-512 .* non-commercial\\.\\.\\. +no +by Hub");
  }

  @Test
  void printsARowUpToItsSourceInALineOf120Characters() {
    assertThat(Run.of("models").out().lines())
        .allSatisfy(
            line ->
                assertThat(line.replaceAll("(FROM|https://.*|Pixelwise.*)$", ""))
                    .hasSizeLessThan(122));
  }

  @Test
  void showsTheWholeLicenseOfOneModel() {
    Run run = Run.of("models", "hf:nvidia/segformer-b0-finetuned-ade-512-512");

    assertThat(run.exit()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "NAME     hf:nvidia/segformer-b0-finetuned-ade-512-512",
            "CLASSES  150",
            "SIZE     15.0 MB",
            "MIOU     37.4",
            "LICENSE  non-commercial: NVIDIA Source Code License for SegFormer",
            "FETCHED  no",
            "CHECKED  by Hub",
            "FROM     https://huggingface.co/nvidia/segformer-b0-finetuned-ade-512-512");
  }

  @Test
  void showsNoModelOfAnUnknownName() {
    Run run = Run.of("models", "fcn-resnet51");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: there is no model \"fcn-resnet51\" on the class path (did you mean"
                + " \"fcn-resnet50\"?).");
  }

  @Test
  void saysHowToFetchAModel() {
    Run run = Run.of("run", "photo.jpg", "--model", "deeplabv3-resnet101");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "segment: model deeplabv3-resnet101 has not been fetched yet. Fetch it with 'segment"
                + " models fetch deeplabv3-resnet101' or Zoo.fetch(\"deeplabv3-resnet101\"): 244.5 "
                + "MB"
                + " from https://download.pytorch.org/models/deeplabv3_resnet101_coco-586e9e4e.pth"
                + " into "
                + cache.resolve("zoo")
                + "."
                + System.lineSeparator());
  }

  @Test
  void doesNotFetchTwice() throws IOException {
    Path folder = fetch();

    Run run = Run.of("models", "fetch", NAME, NAME);

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.out().strip()).isEqualTo(NAME + " is in " + folder);
  }

  @Test
  void rejectsUnknownNamesBeforeFetching() {
    Run run = Run.of("models", "fetch", "fcn-resnet50", "fcn-resnet51");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "segment: there is no model \"fcn-resnet51\" to fetch (did you mean \"fcn-resnet50\"?)."
                + " The most similar of ")
        .contains(" models: fcn-resnet50, fcn-resnet101, ")
        .contains("; 'segment models' and Zoo.entries() list all.");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void acceptsOneFileForOneModelOnly() {
    Run run = Run.of("models", "fetch", "fcn-resnet50", "fcn-resnet101", "--from", "file.pth");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("segment: --from is the file of one model, found fcn-resnet50, fcn-resnet101");
  }

  @Test
  void rejectsAnotherFileInOneSentence() throws IOException {
    Path file = Files.writeString(cache.resolve("other.pth"), "other");

    Run run = Run.of("models", "fetch", "deeplabv3-resnet101", "--from", file);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err().lines())
        .containsExactly(
            "segment: cannot fetch deeplabv3-resnet101 from %s: it has 5 bytes; expected 244,545,539"
                    .formatted(file)
                + " bytes with the SHA-256"
                + " 586e9e4e203fcbf17e1ad45533d8d33ab133fc762bf03101c5dd743995c08c0d. To convert"
                + " your own weights, use 'segment models convert'.");
  }

  @Test
  void reportsAModelMissingOnTheServerInOneSentence() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start(); // answers 404
    String address = "http://localhost:" + server.getAddress().getPort();
    System.setProperty("pixelwise.zoo.mirror", address);
    Run run;
    try {
      run = Run.of("models", "fetch", "fcn-resnet50", "fcn-resnet101");
    } finally {
      server.stop(0);
    }

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out().lines())
        .containsExactly(
            "fcn-resnet50: license BSD-3-Clause, 141.6 MB from %s/models/fcn_resnet50_coco-1167a1af.pth"
                .formatted(address));
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith(
            "segment: cannot fetch fcn-resnet50 from %s/models/fcn_resnet50_coco-1167a1af.pth: the"
                    .formatted(address)
                + " server responded with status 404; ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--network unet | the number of classes is unknown: set --classes N, or name them with"
            + " --labels",
        "--network unte --classes 2 | there is no network \"unte\" (did you mean \"unet\"?);"
            + " available networks:",
        "--network unet --classes 0 | the number of classes must be 1 to 65535, found 0",
        "--network unet --classes 2 --size 5x | --size must be WxH, \"long-edge N\", or"
            + " \"short-edge N\", found \"5x\"",
        "--network unet --labels vocc | --labels must be a data set or at least two names separated"
            + " by commas, found \"vocc\"",
        "--network unet --classes 2 --palette rainbow | --palette must be a data set or #rrggbb"
            + " separated by commas, found \"rainbow\"",
        "--network unet --classes 2 --multiple 8 | network unet does not support an input of"
            + " long-edge 512, sides 8k:",
        "--network unet --classes 2 --output-stride 8 | network unet has a fixed output stride,"
            + " found 8; leave the option out",
        "--network unet --classes 2 --width 9 | the width must be above 0 and at most 8, found 9.0",
        "--network unet --classes 2 --weights int8 | Invalid value for option '--weights': expected"
            + " one of [FLOAT32, FLOAT16, BFLOAT16]"
      })
  void rejectsAWrongConversionBeforeWriting(String options, String message) {
    Object[] args =
        Stream.concat(
                Stream.of("models", "convert", "no.pth", "-o", cache.resolve("out")),
                Stream.of(options.split(" ")))
            .toArray();

    Run run = Run.of(args);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message);
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void reportsAMissingCheckpointInOneSentence() {
    Run run =
        Run.of("models", "convert", "no.pth", "--network", "unet", "--classes", 2, "-o", cache);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err().lines())
        .containsExactly("segment: cannot read the checkpoint no.pth: there is no such file");
  }

  /** Writes a checkpoint's tensors as safetensors, with prefixes before their names. */
  private Path prefixed(String... prefixes) throws IOException {
    Map<String, WeightTensor> tensors =
        Checkpoint.read(Path.of(ZOO + "lraspp_mobilenet_v3_large.pth")).tensors();
    StringJoiner header = new StringJoiner(",", "{", "}");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (String prefix : prefixes) {
      for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
        float[] values = tensor.getValue().values();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        header.add(
            "\"%s%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(
                    prefix,
                    tensor.getKey(),
                    tensor.getValue().shape(),
                    data.size(),
                    data.size() + bytes.capacity()));
        data.writeBytes(bytes.array());
      }
    }
    byte[] json = header.toString().getBytes(UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).put(data.toByteArray());
    return Files.write(cache.resolve("prefixed.safetensors"), file.array());
  }

  private Run convert(Path checkpoint, String... more) {
    Object[] args =
        Stream.concat(
                Stream.of("models", "convert", checkpoint, "-o", cache.resolve("out")),
                Stream.concat(
                    Stream.of("--network=lraspp-mobilenet-v3-large", "--classes=5"),
                    Stream.concat(Stream.of("--width=0.03125"), Stream.of(more))))
            .toArray();
    return Run.of(args);
  }

  @Test
  void reportsWhatIsTakenOffTheNamesOfACheckpoint() throws IOException {
    Run run = convert(prefixed("module.net.", "ema_net."));

    assertThat(run.exit()).isZero();
    assertThat(run.err().lines())
        .hasSize(3)
        .startsWith(
            "segment: removed module. from the names in the checkpoint",
            "segment: removed the prefix \"net.\" from the names in the checkpoint")
        .last()
        .asString()
        .matches(
            "segment: skipped tensors that the network does not use: ema_net\\.\\* \\(\\d+\\)");
  }

  @Test
  void choosesOneOfSeveralSetsOfWeights() throws IOException {
    Path checkpoint = prefixed("student.", "teacher.");

    Run undecided = convert(checkpoint);
    Run decided = convert(checkpoint, "--prefix", "teacher.");

    assertThat(undecided.exit()).isEqualTo(1);
    assertThat(undecided.err())
        .contains("with the prefixes student., teacher.; choose one with --prefix");
    assertThat(decided.exit()).isZero();
    assertThat(decided.err()).contains("segment: removed the prefix \"teacher.\" from the names");
  }

  @Test
  void writesTheChosenSizeToTheCard() throws IOException {
    Run run =
        Run.of(
            "models",
            "convert",
            ZOO + "lraspp_mobilenet_v3_large.pth",
            "--network=lraspp-mobilenet-v3-large",
            "--classes=5",
            "--width=0.03125",
            "--size=long-edge 400",
            "--multiple=16",
            "--format=onnx",
            "-o",
            cache);

    assertThat(run.err()).isEmpty();
    SizeRule size =
        ModelCard.read(cache.resolve("lraspp-mobilenet-v3-large.properties")).input().size();
    assertThat(size).isEqualTo(SizeRule.longEdge(400).withMultiple(16, 0));
  }

  @Test
  void runsANetworkOfSixChannelsByItsCardAlone() {
    Run convert =
        Run.of(
            "models",
            "convert",
            ZOO + "separable_residual.pth",
            "--network=separable-residual",
            "--classes=5",
            "--width=0.04",
            "--format=onnx",
            "-o",
            cache);

    assertThat(convert.err()).isEmpty();
    Run run =
        Run.of(
            "run",
            "../examples/photos/chelsea.png",
            "--model",
            cache.resolve("separable-residual.properties"),
            "--write=mask",
            "-o",
            cache.resolve("out"));
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(cache.resolve("out/chelsea.mask.png")).exists();
  }

  @ParameterizedTest
  @CsvSource({"bfloat16, true", "float32, false"})
  void warnsOfAProcessorWithoutBfloat16Instructions(String weights, boolean warned)
      throws IOException {
    Path cpuInfo = Files.writeString(cache.resolve("cpuinfo"), "flags : sse2 avx512f");
    System.setProperty("pixelwise.cpuinfo", cpuInfo.toString());
    Run run;
    try {
      run =
          Run.of(
              "models",
              "convert",
              ZOO + "separable_residual.pth",
              "--network=separable-residual",
              "--classes=5",
              "--width=0.04",
              "--weights",
              weights,
              "-o",
              cache);
    } finally {
      System.clearProperty("pixelwise.cpuinfo");
    }

    assertThat(run.exit()).isZero();
    String warning =
        "segment: this machine's processor has no bfloat16 instructions (AVX512-BF16 or AMX), so"
            + " this model can take 25 times as long here as one in float32";
    assertThat(run.err().lines().anyMatch(warning::equals)).isEqualTo(warned);
  }

  @Test
  void convertsACheckpointToAModelThatRuns() throws IOException {
    Path checkpoint =
        Path.of("../segmentation-models/src/main/weights/deeplabv3plus-mobilenetv2-voc.pth");
    Path out = cache.resolve("out");

    Run convert =
        Run.of(
            "models",
            "convert",
            checkpoint,
            "--network",
            "deeplabv3plus-mobilenetv2-refined",
            "--labels",
            "voc",
            "--name",
            "mine",
            "--format",
            "onnx",
            "-o",
            out);

    assertThat(convert.err()).isEmpty();
    assertThat(convert.exit()).isZero();
    assertThat(convert.out().strip())
        .matches(
            "written in [0-9.]+ s: " + Pattern.quote(out.resolve("mine.properties").toString()));
    Path cat = Path.of("../examples/photos/chelsea.png");
    Run run =
        Run.of("run", cat, "-m", out.resolve("mine.properties"), "-o", out, "--write", "mask");
    assertThat(run.err()).isEmpty();
    Run.of("run", cat, "-o", cache.resolve("embedded"), "--write", "mask");
    assertThat(PalettePng.read(out.resolve("chelsea.mask.png")))
        .isEqualTo(PalettePng.read(cache.resolve("embedded/chelsea.mask.png")));
  }
}
