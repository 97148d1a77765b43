package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.CheckpointWriter;
import io.github.pixelwise.zoo.internal.transfer.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories that have {@code model.safetensors} or another file of weights, and no network. */
class HubWeightsTest {
  private static final String NETWORK = "lraspp-mobilenet-v3-large";
  private static byte[] weights;

  @TempDir private Path cache;
  private final FakeHub hub = new FakeHub();
  private Server server;

  @BeforeAll
  static void makeWeights(@TempDir Path folder) throws IOException {
    weights =
        Files.readAllBytes(
            Checkpoints.safeTensors(
                folder, Networks.of(NETWORK, NetworkOptions.ofClasses(5)).parameters()));
  }

  @BeforeEach
  void publish() throws IOException {
    hub.remove("onnx/model.onnx");
    hub.remove("preprocessor_config.json");
    hub.put("config.json", "{}");
    hub.put("model.safetensors", weights);
    server = Server.http(hub);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private ModelCard fetch() throws IOException {
    return fetch(cache);
  }

  private ModelCard fetch(Path into) throws IOException {
    return new HubFetcher(
            new CacheFolders(List.of(into)),
            () -> new Hub(server.address("").toString(), "", Http.standard()))
        .fetch(HubName.parse("hf:org/net"), FetchProgress.NONE);
  }

  @Test
  void aNetworkIsRecognizedByItsWeightsAndConverted() throws IOException {
    ModelCard card = fetch();

    assertThat(card.name()).isEqualTo("org/net");
    assertThat(card.license()).isEqualTo("apache-2.0");
    assertThat(card.labels().names())
        .containsExactly("class 0", "class 1", "class 2", "class 3", "class 4");
    assertThat(card.input()).isEqualTo(Networks.of(NETWORK, NetworkOptions.ofClasses(5)).input());
    assertThat(card.files())
        .extracting(ModelFile::format)
        .containsExactlyInAnyOrder(ModelFormat.ONNX, ModelFormat.TORCHSCRIPT);
    Path snapshot = cache.resolve("hub/models--org--net/snapshots/" + FakeHub.COMMIT);
    try (Stream<Path> files = Files.list(snapshot)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("config.json", "model.onnx", "model.pt", "model.properties");
    }
    server.close();
    assertThat(fetch()).isEqualTo(card);
  }

  /** Publishes the weights as PyTorch's own file instead. */
  private void publishAStateDict(Path folder) throws IOException {
    Path file = folder.resolve("pytorch_model.bin");
    new CheckpointWriter()
        .addAll(Checkpoint.read(Files.write(folder.resolve("weights"), weights)).tensors())
        .writeStateDict(file);
    hub.remove("model.safetensors");
    hub.put("pytorch_model.bin", Files.readAllBytes(file));
  }

  @Test
  void aStateDictIsTakenWhereThereAreNoSafetensors(@TempDir Path folder) throws IOException {
    ModelCard ofSafetensors = fetch();
    publishAStateDict(folder);

    ModelCard ofStateDict = fetch(folder);

    assertThat(ofStateDict.output()).isEqualTo(ofSafetensors.output());
    assertThat(graph(ofStateDict)).isEqualTo(graph(ofSafetensors));
  }

  private static GraphProto graph(ModelCard card) throws IOException {
    Path network = Path.of(card.files().get(0).location());
    return ModelProto.parseFrom(Files.readAllBytes(network)).getGraph();
  }

  @Test
  void safetensorsAreTakenBeforeAStateDict() throws IOException {
    hub.put("pytorch_model.bin", "version https://example.org");

    fetch();

    assertThat(hub.requests).noneMatch(request -> request.contains("pytorch_model.bin"));
  }

  @Test
  void aStateDictThatIsDamagedOnTheWayIsRefused(@TempDir Path folder) throws IOException {
    publishAStateDict(folder);
    byte[] sent = hub.content("pytorch_model.bin").clone();
    sent[sent.length / 2] ^= 1;
    hub.special =
        exchange -> {
          boolean download =
              exchange.getRequestMethod().equals("GET")
                  && exchange.getRequestURI().getPath().endsWith("pytorch_model.bin");
          if (download) {
            FakeHub.send(exchange, sent);
          }
          return download;
        };

    byte[] published = hub.content("pytorch_model.bin");
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "it has %,d bytes with the SHA-256 %s; expected %,d bytes with the SHA-256 %s. ",
            sent.length, FakeHub.sha256(sent), published.length, FakeHub.sha256(published));
  }

  @Test
  void theConfigurationNamesTheClassesAndTheProcessorTheInput() throws IOException {
    hub.put(
        "config.json",
        "{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": \"d\", \"4\": \"e\"}}");
    hub.put(
        "preprocessor_config.json",
        "{\"image_processor_type\": \"DPTImageProcessor\", \"size\": 320}");

    ModelCard card = fetch();

    assertThat(card.labels().names()).containsExactly("a", "b", "c", "d", "e");
    assertThat(card.input())
        .isEqualTo(
            InputSpec.builder("input", SizeRule.fixed(320, 320))
                .interpolation(Interpolation.BICUBIC)
                .mean(0.5, 0.5, 0.5)
                .std(0.5, 0.5, 0.5)
                .build());
  }

  private void requireFailure(String message) {
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot fetch hf:org/net: it has only weights"
                + message
                + ". Export it with 'optimum-cli export onnx --task semantic-segmentation --model"
                + " org/net OUT' and open OUT, or look for a copy of the model that has"
                + " onnx/model.onnx.");
  }

  @Test
  void weightsOfOtherClassesAreRefused() {
    hub.put("config.json", "{\"num_labels\": 6}");

    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot fetch hf:org/net: model.safetensors: network lraspp-mobilenet-v3-large has 5"
                + " classes, found labels for 6");
  }

  @Test
  void weightsOfNoNetworkAreRefused(@TempDir Path folder) throws IOException {
    Parameter other = new Parameter("other.weight", List.of(2, 3), true);
    hub.put(
        "model.safetensors", Files.readAllBytes(Checkpoints.safeTensors(folder, List.of(other))));

    requireFailure(
        ", and model.safetensors fits none of the networks %s"
            .formatted(String.join(", ", Networks.names())));
  }

  @Test
  void segFormersWeightsAreConverted(@TempDir Path folder) throws IOException {
    hub.put("config.json", "{\"architectures\": [\"SegformerForSemanticSegmentation\"]}");
    hub.put("preprocessor_config.json", "{\"image_processor_type\": \"SegformerImageProcessor\"}");
    Network segFormer = Networks.of("segformer-b0", NetworkOptions.ofClasses(150));
    hub.put(
        "model.safetensors",
        Files.readAllBytes(Checkpoints.safeTensors(folder, segFormer.parameters())));

    ModelCard card = fetch();

    assertThat(card.labels().size()).isEqualTo(150);
    assertThat(card.input().size()).isEqualTo(SizeRule.fixed(512, 512));
  }

  @Test
  void weightsOfTransformersAreRefusedBeforeTheDownload() {
    hub.put("config.json", "{\"architectures\": [\"BeitForSemanticSegmentation\"]}");

    requireFailure(
        " (model.safetensors) of BeitForSemanticSegmentation, a network that Pixelwise does not"
            + " have");
    assertThat(hub.requests).noneMatch(request -> request.matches("GET .*safetensors"));
  }

  private void publishUperNet(String backbone) {
    hub.put(
        "config.json",
        "{\"architectures\": [\"UperNetForSemanticSegmentation\"], \"num_labels\": 5,"
            + " \"backbone_config\": {%s}}".formatted(backbone));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"model_type\": \"swin\" | swin",
        "\"model_type\": \"swin\", \"depths\": [2, 2, 6, 2] | swin with the depths [2, 2, 6, 2]",
        "\"model_type\": \"convnext\", \"depths\": [3, 3, 27, 3] | convnext with the depths [3, 3,"
            + " 27, 3]"
      })
  void uperNetOnAnotherBackboneIsRefusedBeforeTheDownload(String backbone, String described) {
    publishUperNet(backbone);

    requireFailure(
        " (model.safetensors) of UperNetForSemanticSegmentation on the backbone "
            + described
            + ". Pixelwise has only the one on ConvNeXt-T (convnext with the depths [3, 3, 9, 3])");
    assertThat(hub.requests).noneMatch(request -> request.matches("GET .*safetensors"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"model_type\": \"convnext\", \"depths\": [3, 3, 9, 3]",
        "\"model_type\": \"convnext\""
      })
  void uperNetOnConvNextIsDownloaded(String backbone) throws IOException {
    publishUperNet(backbone);

    fetch();

    assertThat(hub.requests).anyMatch(request -> request.matches("GET .*safetensors"));
  }

  @Test
  void depthsThatAreNoNumbersAreRefused() {
    publishUperNet("\"depths\": [3, 0.5]");

    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot fetch hf:org/net: config.json: backbone_config.depths should be a list of whole"
                + " numbers, found [3.0, 0.5]");
  }

  @Test
  void whatIsNoSafetensorsFileIsRefused() {
    hub.put("model.safetensors", "version https://example.org");

    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "cannot fetch hf:org/net: cannot read the checkpoint model.safetensors");
  }
}
