package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZooTest {
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

  /** Puts a model into the cache as if it had been fetched. */
  private static Path fetch(Path cache) throws IOException {
    Path folder = Files.createDirectories(cache.resolve("zoo").resolve(NAME));
    Path checkpoint = Files.write(cache.resolve("checkpoint"), Checkpoints.noise(1000));
    Checkpoints.copy(checkpoint, Zoo.entry(NAME), folder);
    return folder;
  }

  @Test
  void torchvisionsSixAreListed() {
    List<ZooEntry> torchvisions =
        Zoo.entries().stream().filter(entry -> entry.pixelAccuracy().isPresent()).toList();
    assertThat(torchvisions)
        .extracting(ZooEntry::name)
        .containsExactly(
            "deeplabv3-resnet101",
            "deeplabv3-resnet50",
            "deeplabv3-mobilenet-v3-large",
            "fcn-resnet101",
            "fcn-resnet50",
            "lraspp-mobilenet-v3-large");
    assertThat(torchvisions)
        .allSatisfy(
            entry -> {
              // torch.hub's rule: the name ends in the hash's first digits.
              assertThat(entry.source().toString())
                  .startsWith("https://download.pytorch.org/models/")
                  .endsWith("-" + entry.sha256().substring(0, 8) + ".pth");
              assertThat(entry.parameters())
                  .hasValue(
                      Networks.of(entry.name(), NetworkOptions.ofClasses(21)).parameterCount());
              assertThat(entry.license()).isEqualTo("BSD-3-Clause");
              assertThat(entry.labels().size()).isEqualTo(21);
              // float32 weights, and little besides
              assertThat(entry.size() / 4.0 / entry.parameters().orElseThrow())
                  .isBetween(0.97, 1.03);
            });
    assertThat(torchvisions).filteredOn(ZooEntry::exact).hasSize(1);
  }

  @Test
  void modelsForScenesAreListedWithTheirPublishersFigures() {
    assertThat(Zoo.entry("hf:nvidia/segformer-b0-finetuned-ade-512-512"))
        .satisfies(
            entry -> {
              assertThat(entry.meanIou()).hasValue(37.4);
              assertThat(entry.parameters()).hasValue(3_752_694);
              assertThat(entry.labels()).isEqualTo(LabelMap.ade20k());
              assertThat(entry.license())
                  .isEqualTo("non-commercial: NVIDIA Source Code License for SegFormer");
              assertThat(entry.source())
                  .hasToString("https://huggingface.co/nvidia/segformer-b0-finetuned-ade-512-512");
            });
    assertThat(Zoo.entries())
        .filteredOn(entry -> entry.name().startsWith("hf:nvidia/segformer-b"))
        .hasSize(12);
    assertThat(Zoo.entry("bisenetv2-cityscapes"))
        .satisfies(
            entry -> {
              assertThat(entry.meanIou()).hasValue(73.21);
              assertThat(entry.license()).isEqualTo("Apache-2.0");
              assertThat(entry.labels()).isEqualTo(LabelMap.cityscapes());
              // The publisher's rule: the name ends in the hash's first digits.
              assertThat(entry.source().toString()).endsWith("-" + entry.sha256() + ".pth");
            });
  }

  @Test
  void aCheckpointOfMmsegmentationIsConvertedWithItsLabelsAndColors(@TempDir Path folder)
      throws IOException {
    ZooEntry entry = Zoo.entry("bisenetv2-cityscapes");
    Path checkpoint =
        Checkpoints.safeTensors(
            folder, Networks.of("bisenetv2", NetworkOptions.ofClasses(19)).parameters());

    Zoo.convert(checkpoint, entry, cache);

    ModelCard card = ModelCard.read(cache.resolve("bisenetv2-cityscapes.properties"));
    assertThat(card.labels()).isEqualTo(LabelMap.cityscapes());
    assertThat(card.palette()).isEqualTo(Palette.cityscapes());
    assertThat(card.input().size()).isEqualTo(SizeRule.longEdge(2048).withMultiple(32, 0));
  }

  @Test
  void modelsOnTheHubAreNotCheckpointsToTrainFrom() {
    String name = "hf:openmmlab/upernet-convnext-tiny";

    assertThatThrownBy(() -> Zoo.checkpoint(name, FetchProgress.NONE))
        .hasMessage(
            name
                + " is on the Hub; to train from it, download its weights (model.safetensors or"
                + " pytorch_model.bin) from https://huggingface.co/openmmlab/upernet-convnext-tiny"
                + " and give that file");
  }

  @Test
  void namesAreFoundOnTheClassPathAndNoFolderIsMade() throws IOException {
    assertThat(Catalog.load().modelNames()).contains("deeplabv3-resnet101", NAME);
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aModelThatIsNotFetchedSaysHowTo() {
    assertThatThrownBy(() -> Catalog.load().model("deeplabv3-resnet101"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage(
            "model deeplabv3-resnet101 has not been fetched yet. Fetch it with 'segment models "
                + "fetch"
                + " deeplabv3-resnet101' or Zoo.fetch(\"deeplabv3-resnet101\"): 244.5 MB from"
                + " https://download.pytorch.org/models/deeplabv3_resnet101_coco-586e9e4e.pth into "
                + cache.resolve("zoo")
                + ".");
  }

  @Test
  void anUnknownNameSaysWhichThereAre() {
    assertThatThrownBy(() -> Zoo.fetch("deeplabv3-resnet102"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage(
            "there is no model \"deeplabv3-resnet102\" to fetch (did you mean"
                + " \"deeplabv3-resnet101\"?). The most similar of %d models: deeplabv3-resnet101,"
                + " deeplabv3-resnet50, fcn-resnet101, fcn-resnet50, birefnet-lite,"
                + " deeplabv3-mobilenet-v3-large; 'segment models' and Zoo.entries() list all.",
            Zoo.entries().size());
  }

  @Test
  void aFetchedModelIsFoundAndNotFetchedAgain() throws IOException {
    Path folder = fetch(cache);

    ModelCard model = Catalog.load().model(NAME);

    assertThat(model.files())
        .extracting(ModelFile::location)
        .containsExactly(folder.resolve(NAME + ".onnx").toUri());
    assertThat(Zoo.fetch(NAME)).isEqualTo(model);
  }

  @Test
  void theCacheMayBeCopiedToAnotherHost(@TempDir Path other) throws IOException {
    Path folder = fetch(other);
    Path copy = Files.createDirectories(cache.resolve("zoo").resolve(NAME));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.move(file, copy.resolve(file.getFileName()));
      }
    }

    assertThat(Zoo.fetch(NAME).files())
        .extracting(ModelFile::location)
        .containsExactly(copy.resolve(NAME + ".onnx").toUri());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theCacheMayBeReadOnly() throws IOException {
    Path folder = fetch(cache);
    List<Path> folders = List.of(folder, folder.getParent(), cache);
    for (Path each : folders) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("r-xr-xr-x"));
    }
    try {
      assertThat(Zoo.fetch(NAME).name()).isEqualTo(NAME);
      assertThat(folder.getParent()).isDirectoryNotContaining("glob:**.lock"); // the superuser's
    } finally {
      for (Path each : folders) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  @Test
  void aCheckpointBecomesAModelWithTorchvisionsTransforms() throws IOException {
    ZooEntry entry = Zoo.entry(NAME);
    Path checkpoint =
        Checkpoints.safeTensors(
            cache, Networks.of(NAME, NetworkOptions.ofClasses(21)).parameters());

    Zoo.convert(checkpoint, entry, cache);

    ModelCard model = ZooCache.read(cache.resolve(NAME + ".properties"), true);
    assertThat(model.name()).isEqualTo(NAME);
    assertThat(model.description()).isEqualTo(entry.description());
    assertThat(model.license()).isEqualTo("BSD-3-Clause");
    assertThat(model.source()).isEqualTo(entry.source().toString());
    assertThat(model.labels()).isEqualTo(LabelMap.voc());
    assertThat(model.palette()).isEqualTo(Palette.voc());
    assertThat(model.files())
        .extracting(ModelFile::format)
        .containsExactlyInAnyOrder(ModelFormat.ONNX, ModelFormat.TORCHSCRIPT);
    assertThat(model.input())
        .isEqualTo(
            InputSpec.builder("input", SizeRule.shortEdge(520).withRounding(SizeRule.Rounding.DOWN))
                .imageNet()
                .build());
  }

  @ParameterizedTest
  @CsvSource({
    NAME + ".onnx, " + NAME + ".onnx is missing",
    NAME + ".properties, there is no such file or folder; expected a model card"
  })
  void aDamagedModelSaysHowToFetchItAgain(String file, String damage) throws IOException {
    Files.delete(fetch(cache).resolve(file));

    assertThatThrownBy(() -> Catalog.load().model(NAME))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("model " + NAME + " in the cache is damaged: " + cache)
        .hasMessageContaining(
            damage + ". Fetch it again with 'segment models fetch " + NAME + "' or Zoo.fetch(");
  }

  @Test
  void aDamagedCopyDoesNotHideAnIntactOne(@TempDir Path second) throws IOException {
    Files.delete(fetch(cache).resolve(NAME + ".onnx"));
    Path intact = fetch(second);

    assertThat(new ZooCache(new CacheFolders(List.of(cache, second))).find(Zoo.entry(NAME), true))
        .get()
        .extracting(model -> model.files().get(0).location())
        .isEqualTo(intact.resolve(NAME + ".onnx").toUri());
  }

  @ParameterizedTest
  @CsvSource({
    "https://mirror.example, https://mirror.example/models/a%20b.pth",
    "https://mirror.example:8443/pytorch/, https://mirror.example:8443/pytorch/models/a%20b.pth",
    "http://localhost:8080, http://localhost:8080/models/a%20b.pth",
    "http://[::1]:8080, http://[::1]:8080/models/a%20b.pth",
  })
  void aMirrorIsAskedInstead(String mirror, URI address) throws IOException {
    System.setProperty("pixelwise.zoo.mirror", mirror);

    assertThat(Mirror.of(URI.create("https://download.example/models/a%20b.pth")))
        .isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://mirror.example",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "ftp://localhost",
        "file:///models",
        "mirror.example",
        "https://",
        "a b"
      })
  void aMirrorMustBeSecure(String mirror) {
    System.setProperty("pixelwise.zoo.mirror", mirror);

    assertThatThrownBy(() -> Zoo.fetch("fcn-resnet50"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the zoo's mirror is \"%s\", set by -Dpixelwise.zoo.mirror or PIXELWISE_ZOO_MIRROR; expected"
                    .formatted(mirror)
                + " an address https://HOST/PATH (http only for localhost)."
                + " /models/fcn_resnet50_coco-1167a1af.pth is appended to it.");
  }
}
