package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Four photos of 64 x 48 pixels with two classes. */
class TrainCommandTest {
  static final List<String> RECIPES = ShippedRecipes.names();

  @TempDir private Path folder;
  private Path data;
  private Path run;

  @BeforeEach
  void makeDataset() throws IOException {
    new ToyDataset(folder).add("a", 32, 32).add("b", 20, 20).add("c", 40, 40).add("d", 10, 10);
    data =
        Files.writeString(
            folder.resolve("toy.dataset.properties"),
            """
            format = folders
            photographs = photos
            masks = truth
            labels = red, green
            """);
    run = folder.resolve("run");
  }

  /** Trains a narrow network for an epoch of two steps. */
  private Run train(Object... options) {
    return Run.of(
        ToyDataset.with(
            new Object[] {
              "train",
              "--network",
              "unet-bilinear",
              "--set",
              "network.width=0.25",
              "--data",
              data,
              "-o",
              run,
              "--batch",
              "2",
              "--crop",
              "64x48"
            },
            options));
  }

  private static void assertWrong(Run run, String message) {
    assertThat(run.err())
        .isEqualToNormalizingNewlines("segment: " + message + "\nTry 'segment train --help'.\n");
    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).isEqualTo(2);
  }

  @Test
  void trainsAModelThatCanBeRunAndEvaluated() {
    Run trained = train("--epochs", "2", "--hold-out", "0.5");

    assertThat(trained.exit()).as(trained.err()).isZero();
    assertThat(trained.out())
        .containsPattern("epoch 1: loss \\d\\.\\d{4}, mIoU \\d\\.\\d{4}, the best so far\\R")
        .containsPattern("epoch 2: loss ")
        .containsPattern("The model of the best epoch, [12], with mIoU \\d\\.\\d{4}, is in ")
        .contains("segment run -m " + run.resolve("model.properties") + " photo.jpg");
    assertThat(trained.err()).containsPattern("epoch 1/2, step 1/1, loss ");
    assertThat(run)
        .isDirectoryContaining("glob:**/model.onnx")
        .isDirectoryContaining("glob:**/model.pt")
        .isDirectoryContaining("glob:**/weights.pth")
        .isDirectoryContaining("glob:**/weights.safetensors")
        .isDirectoryContaining("glob:**/log.csv")
        .isDirectoryContaining("glob:**/report.html");
    Run evaluated = Run.of("evaluate", "--data", data, "-m", run.resolve("model.properties"));
    assertThat(evaluated.exit()).as(evaluated.err()).isZero();
  }

  @Test
  void saysThatNothingIsMeasuredWithoutValidationPhotos() {
    Run trained = train("--epochs", "1");

    assertThat(trained.exit()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains(
            "segment: there are no validation photos (see --hold-out), so the model of the last epoch"
                + " is kept");
    assertThat(trained.out())
        .doesNotContain("mIoU")
        .contains("The model of the last epoch, 1, is in " + run);
  }

  @Test
  void refusesASecondRunInAFolderUnlessItGoesOn() {
    train("--epochs", "1", "--hold-out", "0.5");

    Run second = train("--epochs", "1", "--hold-out", "0.5");
    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.err()).contains("continue it with --resume, or choose another folder");

    Run resumed = train("--epochs", "1", "--hold-out", "0.5", "--resume");
    assertThat(resumed.exit()).as(resumed.err()).isZero();

    Run changed = train("--epochs", "1", "--hold-out", "0.5", "--lr", "0.5", "--resume");
    assertThat(changed.exit()).isEqualTo(1);
    assertThat(changed.err()).contains("the recipe has changed: ", "rate");
  }

  @Test
  void startsFromACheckpointOfOtherClassesAndSaysWhatIsReplaced() {
    train("--epochs", "1");
    Path checkpoint = run.resolve("weights.pth");
    run = folder.resolve("second");

    Run second = train("--epochs", "1", "--from", checkpoint);

    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(second.err()).contains("segment: kept all ");
  }

  @Test
  void previewsAugmentedPhotosAndTrainsNothing() throws IOException {
    Run previewed = train("--preview", "3");

    assertThat(previewed.exit()).as(previewed.err()).isZero();
    assertThat(previewed.out())
        .isEqualToNormalizingNewlines(
            "3 pictures are in %s; nothing was trained\n".formatted(run.resolve("preview")));
    try (Stream<Path> files = Files.list(run.resolve("preview"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".png"))).hasSize(3);
    }
    assertThat(train("--epochs", "1").exit()).isZero();
  }

  @Test
  void explainsACropThatDoesNotSuitTheNetwork() {
    assertWrong(
        Run.of(
            "train",
            "--network",
            "unet-bilinear",
            "--set",
            "network.width=0.25",
            "--data",
            data,
            "-o",
            run,
            "--crop",
            "50x50",
            "--preview",
            "1"),
        "network unet-bilinear does not support an input of 50 x 50: Concatenate: cannot concatenate"
            + " 32 x 25 x 25 and 32 x 24 x 24: their sides differ. Choose another augment.crop"
            + " (--crop); the network is made for long-edge 512, sides 16k");
  }

  @Test
  void listsItsRecipes() {
    Run listed = Run.of("train", "--recipes");

    assertThat(listed.out().lines()).hasSize(1 + RECIPES.size());
    assertThat(listed.out())
        .contains("fcn-resnet18-voc ", " https://d2l.ai/chapter_computer-vision/fcn.html");
    assertThat(listed.exit()).isZero();
  }

  @ParameterizedTest
  @FieldSource("RECIPES")
  void itsRecipesFitTheirNetworks(String recipe) throws IOException {
    Run previewed =
        Run.of("train", "--recipe", recipe, "--data", data, "-o", run, "--preview", "1");

    assertThat(previewed.err()).isEmpty();
    assertThat(previewed.out()).startsWith("1 picture is in ");
    assertThat(previewed.exit()).isZero();
    assertThat(ShippedRecipes.recipe(recipe).value("source")).startsWith("https://");
  }

  @Test
  void optionsReplaceTheRecipesValues() {
    Run previewed =
        Run.of(
            "train",
            "--recipe",
            "tutorial-camvid",
            "--data",
            data,
            "-o",
            run,
            "--preview",
            "1",
            "--crop",
            "64x48",
            "--network",
            "unet");

    assertThat(previewed.err()).isEmpty();
    assertThat(previewed.exit()).isZero();
  }

  @Test
  void saysWhatIsMissing() {
    assertWrong(
        Run.of("train", "--data", data, "-o", run),
        "name the network with --network NAME, or a recipe with --recipe FILE|NAME");
    assertWrong(
        Run.of("train", "--network", "unet", "--data", data),
        "name the folder of the run with -o DIR");
    assertWrong(
        Run.of("train", "--network", "unet", "-o", run), "name the data set with --data FILE");
  }

  @Test
  void explainsWrongOptions() {
    assertWrong(
        train("--validation", data, "--hold-out", "0.5"),
        "--validation and --hold-out both choose the validation photos: name one");
    assertWrong(train("--hold-out", "1"), "--hold-out must be above 0 and below 1, found 1.0");
    assertWrong(
        train("--hold-out", "0.01"),
        "--hold-out 0.01 of 4 photos leaves none to learn from, or none to measure the model on");
    assertWrong(
        train("--epochs", "0"),
        "--epochs: epochs must be a whole number of at least 1, found \"0\"");
    assertWrong(train("--set", "clip"), "--set must be KEY=VALUE, found clip");
    assertWrong(train("--set", "batch=4"), "--set sets batch, which is set already");
    assertWrong(train("--threads", "0"), "threads must be at least 1, found 0");
    assertThat(train("--set", "momentum=0.9").err())
        .contains("--set: there is no key \"momentum\"; keys are ");
    assertThat(train("--set", "augmnt.crop=64x64").err())
        .contains("there is no key \"augmnt.crop\" (did you mean \"augment.crop\"?); keys are ");
    assertThat(train("--validation", "val").err())
        .startsWith("segment: --validation val: ")
        .contains("unknown key split");
    assertThat(train("--recipe", "unet-vok").err())
        .contains(
            "there is no file and no recipe with the name \"unet-vok\"",
            "recipes are fcn-resnet18");
    assertThat(run).doesNotExist();
  }
}
