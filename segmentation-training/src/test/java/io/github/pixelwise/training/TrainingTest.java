package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.Evaluation;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingTest {
  private static final Dataset DATA = Squares.of("squares", 12);
  private static final Dataset VALIDATION = Squares.of("held-out", 4);

  private static final TrainingRecipe RECIPE =
      TrainingRecipe.parse(
          """
          epochs = 2
          batch = 4
          rate = 0.05
          augment.crop = 64x64
          augment.scale = 0.8..1.2
          """);

  @TempDir private Path folder;

  private static Network network() {
    return Networks.of("fcn-resnet18", NetworkOptions.ofClasses(2).withWidth(0.125));
  }

  private static Training training(TrainingRecipe recipe) {
    return Training.of(network(), DATA).validation(VALIDATION).recipe(recipe).threads(2);
  }

  private Map<String, WeightTensor> weights(String run) throws IOException {
    return Checkpoint.read(folder.resolve(run).resolve("weights.safetensors")).tensors();
  }

  @Test
  void learnsAndLeavesAModelThatAnyBackendOpens() throws Exception {
    List<EpochResult> epochs = new ArrayList<>();
    Network network = Networks.of("unet", NetworkOptions.ofClasses(2).withWidth(0.0625));
    TrainingResult result =
        Training.of(network, DATA)
            .validation(VALIDATION)
            .recipe(RECIPE.with("epochs", "6"))
            .listener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochResult epoch) {
                    epochs.add(epoch);
                  }
                })
            .run(folder.resolve("run"));

    assertThat(epochs).hasSize(6);
    assertThat(epochs.get(5).loss()).isLessThan(epochs.get(0).loss() / 2);
    assertThat(result.meanIou().orElseThrow()).isGreaterThan(0.75);
    assertThat(folder.resolve("run"))
        .isDirectoryContaining("glob:**/model.onnx")
        .isDirectoryContaining("glob:**/model.pt")
        .isDirectoryContaining("glob:**/model.properties")
        .isDirectoryContaining("glob:**/weights.safetensors")
        .isDirectoryContaining("glob:**/weights.pth")
        .isDirectoryContaining("glob:**/log.csv")
        .isDirectoryContaining("glob:**/steps.csv")
        .isDirectoryContaining("glob:**/report.html");
    try (Segmenter segmenter =
        Segmenter.builder().model(folder.resolve("run/model.properties")).open()) {
      assertThat(Evaluation.of(segmenter, VALIDATION).run().metrics().meanIou())
          .isEqualTo(result.meanIou().orElseThrow());
    }
  }

  @Test
  void learnsWithAuxiliaryOutputsThatTheModelDoesNotHave() throws Exception {
    List<Double> losses = new ArrayList<>();
    Network network = Networks.of("bisenetv2", NetworkOptions.ofClasses(2).withWidth(0.125));
    TrainingResult result =
        Training.of(network, DATA)
            .validation(VALIDATION)
            .recipe(RECIPE.with("epochs", "6"))
            .listener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochResult epoch) {
                    losses.add(epoch.loss());
                  }
                })
            .run(folder.resolve("run"));

    assertThat(losses).hasSize(6);
    assertThat(losses.get(5)).isLessThan(0.7 * losses.get(0));
    assertThat(result.meanIou().orElseThrow()).isGreaterThan(0.75);
    assertThat(weights("run")).containsKey("auxiliary_head.3.conv_seg.weight");
    try (Segmenter segmenter =
        Segmenter.builder().model(folder.resolve("run/model.properties")).open()) {
      assertThat(Evaluation.of(segmenter, VALIDATION).run().metrics().meanIou())
          .isEqualTo(result.meanIou().orElseThrow());
    }
  }

  @Test
  void learnsWithAttentionAndKeepsThePublishedNames() throws Exception {
    List<Double> losses = new ArrayList<>();
    Network network = Networks.of("segformer-b0", NetworkOptions.ofClasses(2).withWidth(0.25));
    TrainingResult result =
        Training.of(network, DATA)
            .validation(VALIDATION)
            .recipe(RECIPE.with("optimizer", "adamw").with("rate", "0.003").with("epochs", "4"))
            .listener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochResult epoch) {
                    losses.add(epoch.loss());
                  }
                })
            .run(folder.resolve("run"));

    assertThat(losses).hasSize(4);
    assertThat(losses.get(3)).isLessThan(0.5 * losses.get(0));
    assertThat(result.meanIou().orElseThrow()).isGreaterThan(0.75);
    assertThat(weights("run"))
        .containsKeys(
            "segformer.encoder.block.1.0.attention.self.query.weight",
            "segformer.encoder.patch_embeddings.0.layer_norm.bias",
            "decode_head.linear_c.3.proj.weight",
            "decode_head.classifier.bias");
    Conversion.of(network, folder.resolve("run/weights.safetensors"))
        .labels(DATA.labels())
        .write(Files.createDirectory(folder.resolve("converted")));
    try (Segmenter segmenter =
        Segmenter.builder().model(folder.resolve("converted/segformer-b0.properties")).open()) {
      assertThat(Evaluation.of(segmenter, VALIDATION).run().metrics().meanIou())
          .isEqualTo(result.meanIou().orElseThrow());
    }
  }

  @Test
  void frozenWeightsAndStatisticsStay() throws Exception {
    Weights start = Weights.initial(network(), 5);
    Training.of(network(), DATA)
        .recipe(RECIPE.with("freeze", "0., 1., 4.").with("epochs", "1"))
        .from(start)
        .run(folder.resolve("run"));

    Map<String, WeightTensor> weights = weights("run");
    for (String name : List.of("0.weight", "1.running_mean", "4.0.conv1.weight")) {
      assertThat(Objects.requireNonNull(weights.get(name)).values()).isEqualTo(start.values(name));
    }
    for (String name : List.of("5.0.conv1.weight", "5.0.bn1.running_mean", "final_conv.bias")) {
      assertThat(Objects.requireNonNull(weights.get(name)).values())
          .isNotEqualTo(start.values(name));
    }
  }

  @Test
  void recipesMayNameTheWeightsToStartFrom() {
    assertThatIOException()
        .isThrownBy(() -> training(RECIPE.with("from", "nothing.pth")).run(folder.resolve("run")))
        .withMessageContaining("cannot start from nothing.pth");
  }

  @Test
  void aWrongScheduleIsFoundBeforeAnythingIsWritten() {
    TrainingRecipe recipe = RECIPE.with("schedule", "plateau").with("schedule.factor", "1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> training(recipe).run(folder.resolve("run")))
        .withMessageContaining("the factor of the plateau schedule is 1.0");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void anOptimizerWhoseKeysDoNotGoTogetherIsFoundBeforeAnythingIsWritten() {
    TrainingRecipe recipe =
        RECIPE.with("optimizer.nesterov", "true").with("optimizer.dampening", "0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> training(recipe).run(folder.resolve("run")))
        .withMessageContaining("Nesterov momentum needs a momentum above 0 and no dampening");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aRateFactorOfZeroKeepsWeights() throws Exception {
    Weights start = Weights.initial(network(), 5);
    Training.of(network(), DATA)
        .recipe(RECIPE.with("rate.final_conv", "0").with("epochs", "1"))
        .from(start)
        .run(folder.resolve("run"));

    assertThat(Objects.requireNonNull(weights("run").get("final_conv.weight")).values())
        .isEqualTo(start.values("final_conv.weight"));
    assertThat(Objects.requireNonNull(weights("run").get("0.weight")).values())
        .isNotEqualTo(start.values("0.weight"));
  }

  @Test
  void severalBatchesMayMakeAStep() throws Exception {
    List<TrainingProgress> steps = new ArrayList<>();
    training(RECIPE.with("accumulation", "2").with("epochs", "1"))
        .listener(
            new TrainingListener() {
              @Override
              public void onStep(TrainingProgress progress) {
                steps.add(progress);
              }
            })
        .run(folder.resolve("run"));

    // Three batches: a step of two and one of one.
    assertThat(steps).hasSize(2);
    assertThat(steps.get(1).steps()).isEqualTo(2);
  }

  @Test
  void stopsAtOnceWhenTheLossIsNoNumber() throws Exception {
    assertThatIOException()
        .isThrownBy(
            () ->
                training(RECIPE.with("rate", "1000").with("batch", "1")).run(folder.resolve("run")))
        .withMessageContainingAll("so the run was stopped", "ower the learning rate");
    assertThat(folder.resolve("run/checkpoints/last.properties")).doesNotExist();
    // Nothing was saved, so the folder may be used again.
    training(RECIPE.with("epochs", "1")).run(folder.resolve("run"));
  }

  @Test
  void stopsEarlyWithoutImprovement() throws Exception {
    TrainingResult result =
        training(
                RECIPE
                    .with("rate", "0")
                    .with("batch-norm", "freeze")
                    .with("patience", "2")
                    .with("epochs", "9"))
            .run(folder.resolve("run"));

    assertThat(result.stoppedEarly()).isTrue();
    assertThat(result.epoch()).isEqualTo(1);
    assertThat(Files.readAllLines(folder.resolve("run/log.csv"))).hasSize(1 + 3);
  }

  @Test
  void readsAllMasksBeforeTheFirstStep() {
    Squares good = new Squares("good", 80, 72, 1);
    Sample bad =
        new Sample() {
          @Override
          public String name() {
            return "bad";
          }

          @Override
          public RgbImage photograph() {
            return good.photograph();
          }

          @Override
          public CategoryMask truth() {
            byte[] values = new byte[80 * 72];
            values[0] = 7;
            return CategoryMask.of(80, 72, values);
          }
        };
    Dataset data = Dataset.of("mixed", DATA.labels(), DATA.palette(), List.of(good, bad));

    assertThatIOException()
        .isThrownBy(
            () -> Training.of(network(), data).recipe(RECIPE).run(folder.resolve("training")))
        .withMessageStartingWith("the mask of bad has the value 7, which is no class");
    assertThatIOException()
        .isThrownBy(
            () ->
                Training.of(network(), DATA)
                    .validation(data)
                    .recipe(RECIPE)
                    .run(folder.resolve("validation")))
        .withMessageStartingWith("the mask of bad has the value 7, which is no class");
  }

  @Test
  void saysWhichClassNoMaskHas() throws Exception {
    Dataset data =
        Dataset.of(
            "squares",
            LabelMap.parse("background, square, circle"),
            DATA.palette(),
            DATA.samples());
    Network network = Networks.of("fcn-resnet18", NetworkOptions.ofClasses(3).withWidth(0.125));
    List<String> notes = new ArrayList<>();
    Training.of(network, data)
        .recipe(RECIPE.with("epochs", "1"))
        .listener(Notes.into(notes))
        .run(folder.resolve("run"));

    assertThat(notes).contains("no mask has the class circle: the network cannot learn it");
  }

  @Test
  void refusesBatchNormOfSingleValues() {
    Network network =
        Networks.of("deeplabv3plus-mobilenetv2", NetworkOptions.ofClasses(2).withWidth(0.25));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Training.of(network, DATA)
                    .recipe(RECIPE.with("batch", "1"))
                    .run(folder.resolve("run")))
        .withMessageContainingAll("batches of one photograph", "Set batch to 2 or more");
  }

  @Test
  void refusesBeginningsThatNoWeightHas() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> training(RECIPE.with("freeze", "backbone.")).run(folder.resolve("run")))
        .withMessageContainingAll("\"backbone.\"", "names begin with 0., 1., 4.");
  }

  @Test
  void refusesDataOfAnotherNumberOfClasses() {
    Network network = Networks.of("unet", NetworkOptions.ofClasses(3));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Training.of(network, DATA))
        .withMessage(
            "network unet has 3 classes, and data set squares has 2: make the network for 2"
                + " classes");
  }

  @ParameterizedTest
  @CsvSource({
    "unet, 0.0625, sgd, 0.05",
    "segformer-b0, 0.125, adamw, 0.003",
    "upernet-convnext-tiny, 0.0625, adamw, 0.003"
  })
  void learnsInBfloat16(String name, double width, String optimizer, String rate) throws Exception {
    List<Double> losses = new ArrayList<>();
    Training.of(
            Networks.of(name, NetworkOptions.ofClasses(2).withWidth(width)),
            Squares.of("squares", 4))
        .recipe(
            RECIPE.with("precision", "bfloat16").with("optimizer", optimizer).with("rate", rate))
        .listener(
            new TrainingListener() {
              @Override
              public void onEpoch(EpochResult epoch) {
                losses.add(epoch.loss());
              }
            })
        .run(folder.resolve("run"));

    assertThat(losses.get(1)).isLessThan(losses.get(0));
  }

  @Test
  void networksOfOneChannelLearnTwoClasses() throws Exception {
    Network network = Networks.of("unet", NetworkOptions.ofClasses(1).withWidth(0.0625));
    TrainingResult result =
        Training.of(network, DATA)
            .validation(VALIDATION)
            .recipe(RECIPE.with("epochs", "6"))
            .run(folder.resolve("run"));

    assertThat(result.meanIou().orElseThrow()).isGreaterThan(0.75);
  }
}
