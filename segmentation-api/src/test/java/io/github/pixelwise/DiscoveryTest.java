package io.github.pixelwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.fakes.AbsentBackend;
import io.github.pixelwise.fakes.AlikeBackend;
import io.github.pixelwise.fakes.BetterBackend;
import io.github.pixelwise.fakes.FailingBackend;
import io.github.pixelwise.fakes.FakeModels;
import io.github.pixelwise.fakes.GoodBackend;
import io.github.pixelwise.fakes.OrphanBackend;
import io.github.pixelwise.fakes.TorchBackend;
import io.github.pixelwise.fakes.TwinBackend;
import io.github.pixelwise.fakes.TwinModels;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscoveryTest {
  @TempDir private Path folder;
  private PluginJars jars;
  private ModelCard model;

  @BeforeEach
  void start() throws IOException {
    jars = new PluginJars(folder);
    Path file = Files.createFile(folder.resolve("colors.onnx"));
    model =
        ModelCard.builder(
                "colors",
                InputSpec.builder("in", SizeRule.fixed(2, 2)).build(),
                OutputSpec.logits("out", 1),
                LabelMap.of(List.of("red", "green", "blue")))
            .file(ModelFormat.ONNX, file)
            .build();
  }

  @AfterEach
  void forgetTheProperty() {
    System.clearProperty("pixelwise.backend");
  }

  private SegmenterBuilder builder() throws IOException {
    return Segmenter.builder().model(model).classLoader(jars.loader());
  }

  private String chosen(SegmenterBuilder builder) {
    try (Segmenter segmenter = builder.open()) {
      return segmenter.runtime().backend();
    }
  }

  @Test
  void withoutABackendTheMessageNamesTheArtifactToAdd() throws IOException {
    SegmenterBuilder builder = builder();

    assertThatThrownBy(builder::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage(
            "no backend on the class path can run model colors (onnx). Found none. Add a dependency"
                + " on io.github.pixelwise:pixelwise-onnx, or, in a shaded jar, merge META-INF/services.");
  }

  @Test
  void theOnlyBackendIsTaken() throws IOException {
    jars.addBackend(GoodBackend.class);

    assertThat(chosen(builder())).isEqualTo("good");
  }

  @Test
  void ofSeveralTheHighestPriorityIsTakenThenTheFirstName() throws IOException {
    jars.addBackend(GoodBackend.class);
    jars.addBackend(AlikeBackend.class);
    assertThat(chosen(builder())).isEqualTo("alike");

    jars.addBackend(BetterBackend.class);
    assertThat(chosen(builder())).isEqualTo("better");
    assertThat(Catalog.load(jars.loader()).backends())
        .extracting(BackendProvider::name)
        .containsExactly("better", "alike", "good");
  }

  @Test
  void theBackendAskedForIsTaken() throws IOException {
    jars.addBackend(GoodBackend.class);
    jars.addBackend(BetterBackend.class);

    assertThat(chosen(builder().backend("good"))).isEqualTo("good");
  }

  @Test
  void theSystemPropertyChoosesUnlessTheBuilderDoes() throws IOException {
    jars.addBackend(GoodBackend.class);
    jars.addBackend(BetterBackend.class);
    System.setProperty("pixelwise.backend", "good");

    assertThat(chosen(builder())).isEqualTo("good");
    assertThat(chosen(builder().backend("better"))).isEqualTo("better");
  }

  @Test
  void aBackendThatIsMissingIsNamedWithTheNearestOne() throws IOException {
    jars.addBackend(GoodBackend.class);
    jars.addBackend(BetterBackend.class);
    SegmenterBuilder builder = builder().backend("goof");

    assertThatThrownBy(builder::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage(
            "there is no backend \"goof\" on the class path (did you mean \"good\"?); found better,"
                + " good. Add its jar.");
  }

  @Test
  void aKnownBackendThatIsMissingIsNamedWithItsArtifact() throws IOException {
    System.setProperty("pixelwise.backend", "onnx");
    SegmenterBuilder builder = builder();

    assertThatThrownBy(builder::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage(
            "there is no backend \"onnx\" (asked for by the system property pixelwise.backend) on the"
                + " class path; found none. Add io.github.pixelwise:pixelwise-onnx, or, in a shaded jar,"
                + " merge META-INF/services.");
  }

  @Test
  void saysWhyEveryBackendWasPassedOver() throws IOException {
    jars.addBackend(TorchBackend.class);
    jars.addBackend(AbsentBackend.class);
    SegmenterBuilder builder = builder();

    assertThatThrownBy(builder::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage(
            "no backend on the class path can run model colors (onnx). Found absent:"
                + " libabsent.so is missing; torch: reads torchscript. Add a dependency on"
                + " io.github.pixelwise:pixelwise-onnx, or, in a shaded jar, merge META-INF/services.");
  }

  @Test
  void aBackendAskedForThatCannotBeUsedSaysWhy() throws IOException {
    jars.addBackend(TorchBackend.class);
    jars.addBackend(AbsentBackend.class);
    SegmenterBuilder absent = builder().backend("absent");
    SegmenterBuilder torch = builder().backend("torch");

    assertThatThrownBy(absent::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage("backend absent cannot be used here: libabsent.so is missing");
    assertThatThrownBy(torch::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage(
            "backend torch reads torchscript, but model colors comes as onnx. Choose another backend"
                + " or model.");
  }

  @Test
  void anUnavailableBackendIsPassedOverForOneThatWorks() throws IOException {
    jars.addBackend(AbsentBackend.class);
    jars.addBackend(GoodBackend.class);

    assertThat(chosen(builder())).isEqualTo("good");
  }

  @Test
  void reportsABetterBackendThatCannotBeUsed() throws IOException {
    jars.addBackend(AbsentBackend.class);
    jars.addBackend(TorchBackend.class); // does not read the model: nothing is lost
    jars.addBackend(GoodBackend.class);

    try (Segmenter segmenter = builder().open()) {
      assertThat(segmenter.runtime().passedOver())
          .containsExactly("backend absent was passed over for good: libabsent.so is missing");
    }
  }

  @Test
  void nothingIsPassedOverWhereABackendWasAskedFor() throws IOException {
    jars.addBackend(AbsentBackend.class);
    jars.addBackend(GoodBackend.class);

    try (Segmenter segmenter = builder().backend("good").open()) {
      assertThat(segmenter.runtime().passedOver()).isEmpty();
    }
  }

  @Test
  void twoBackendsOfOneNameAreAnErrorThatNamesBothJars() throws IOException {
    jars.addBackend(GoodBackend.class);
    jars.addBackend(TwinBackend.class);
    SegmenterBuilder builder = builder();

    assertThatThrownBy(builder::open)
        .isInstanceOf(AmbiguousNameException.class)
        .hasMessageStartingWith("two backends have the name \"good\": ")
        .hasMessageContaining("GoodBackend in file:")
        .hasMessageContaining("GoodBackend.jar")
        .hasMessageContaining("TwinBackend.jar")
        .hasMessageEndingWith("Remove one of the jars from the class path.");
  }

  @Test
  void brokenJarsDoNotHideTheOthers() throws IOException {
    jars.addBackend(OrphanBackend.class);
    jars.addBackend(FailingBackend.class);
    jars.add("no.such.Backend", BetterBackend.class);
    jars.add("this is no class name", AlikeBackend.class);
    jars.addBackend(GoodBackend.class);

    assertThat(chosen(builder())).isEqualTo("good");
    assertThat(Catalog.load(jars.loader()).problems())
        .hasSize(4)
        .anyMatch(p -> p.contains("MissingBackend"))
        .anyMatch(p -> p.contains("FailingBackend.jar") && p.contains("no luck"))
        .anyMatch(p -> p.contains("no.such.Backend"))
        .anyMatch(p -> p.contains("AlikeBackend.jar"));
  }

  @Test
  void aBrokenJarIsNamedWhereNothingElseFits() throws IOException {
    jars.addBackend(OrphanBackend.class);
    SegmenterBuilder builder = builder();

    assertThatThrownBy(builder::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessageContaining("Found none.")
        .hasMessageContaining("Problems: a backend cannot be loaded")
        .hasMessageContaining("io/github/pixelwise/fakes/MissingBackend");
  }

  @Test
  void modelsAreFoundByName() throws IOException {
    jars.add(FakeModels.class);
    Catalog catalog = Catalog.load(jars.loader());

    assertThat(catalog.modelNames()).containsExactly("colors", "deeplabv3");
    assertThat(catalog.model("colors").name()).isEqualTo("colors");
  }

  @Test
  void anUnknownModelIsAnErrorThatNamesTheNearestOne() throws IOException {
    jars.add(FakeModels.class);
    Catalog catalog = Catalog.load(jars.loader());

    assertThatThrownBy(() -> catalog.model("deeplab3"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage(
            "there is no model \"deeplab3\" on the class path (did you mean \"deeplabv3\"?). Available "
                + "models: colors, deeplabv3.");
  }

  @Test
  void suggestsMergingServicesForAnUnknownModel() throws IOException {
    jars.add(FakeModels.class);
    Catalog catalog = Catalog.load(jars.loader());

    assertThatThrownBy(() -> catalog.model("sky"))
        .hasMessage(
            "there is no model \"sky\" on the class path. Available models: colors, deeplabv3. Add its"
                + " jar, or, in a shaded jar, merge META-INF/services.");
  }

  @Test
  void withoutModelsTheMessageNamesTheArtifactToAdd() throws IOException {
    Catalog catalog = Catalog.load(jars.loader());

    assertThatThrownBy(() -> catalog.model("colors"))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage(
            "there is no model \"colors\" on the class path. There are no models: add"
                + " io.github.pixelwise:pixelwise-models, or open your own model by its card, or, in a"
                + " shaded jar, merge META-INF/services.");
  }

  @Test
  void twoModelsOfOneNameAreAnErrorThatNamesBothJars() throws IOException {
    jars.add(FakeModels.class).add(TwinModels.class, FakeModels.class);
    Catalog catalog = Catalog.load(jars.loader());

    assertThatThrownBy(() -> catalog.model("colors"))
        .isInstanceOf(AmbiguousNameException.class)
        .hasMessageStartingWith("two models have the name \"colors\": ")
        .hasMessageContaining("FakeModels.jar")
        .hasMessageContaining("TwinModels.jar");
  }
}
