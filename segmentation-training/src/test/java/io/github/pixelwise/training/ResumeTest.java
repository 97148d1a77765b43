package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.djl.PyTorch;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are stopped and resumed. */
class ResumeTest {
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

  private static TrainingListener stoppingAfter(int steps) {
    return new TrainingListener() {
      private int seen;

      @Override
      public void onStep(TrainingProgress progress) {
        seen++;
        if (seen == steps) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Test
  void aResumedRunEndsWithTheSameBytesWhereverItWasStopped() throws Exception {
    TrainingRecipe recipe = RECIPE.with("average", "0.9").with("optimizer", "adam");
    training(recipe).run(folder.resolve("whole"));
    for (int stop : new int[] {2, 3}) {
      Path run = folder.resolve("stopped-" + stop);
      assertThatThrownBy(() -> training(recipe).listener(stoppingAfter(stop)).run(run))
          .isInstanceOf(InterruptedException.class)
          .hasMessageStartingWith("stopped after");
      training(recipe).workers(2).resume(run);
      for (String file : List.of("weights.safetensors", "weights.pth", "model.onnx", "steps.csv")) {
        assertThat(run.resolve(file)).hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
      }
    }
  }

  @Test
  void dropoutIsTheSameAfterResuming() throws Exception {
    Network network =
        Networks.of("deeplabv3plus-mobilenetv2", NetworkOptions.ofClasses(2).withWidth(0.125));
    TrainingRecipe recipe = RECIPE.with("epochs", "2");
    Training training = Training.of(network, DATA).recipe(recipe).threads(2);
    training.run(folder.resolve("whole"));
    training.recipe(recipe.with("dropout", "off")).run(folder.resolve("without"));
    training.recipe(recipe).listener(stoppingAfter(4));
    assertThatThrownBy(() -> training.run(folder.resolve("stopped")))
        .isInstanceOf(InterruptedException.class);
    training.resume(folder.resolve("stopped"));

    assertThat(folder.resolve("stopped/weights.pth"))
        .hasSameBinaryContentAs(folder.resolve("whole/weights.pth"));
    assertThat(
            Files.mismatch(
                folder.resolve("without/weights.pth"), folder.resolve("whole/weights.pth")))
        .isNotNegative();
  }

  @Test
  void aStepOfSeveralBatchesIsNotSavedHalfDone() throws Exception {
    TrainingRecipe recipe = RECIPE.with("accumulation", "3");
    training(recipe).run(folder.resolve("whole"));
    // The twelve photographs of the only step of an epoch are loaded in three batches.
    Dataset interrupting =
        Dataset.of(
            DATA.name(),
            DATA.labels(),
            DATA.palette(),
            DATA.samples().stream().map(Interrupting.after(DATA.samples().size() - 2)).toList());
    Path run = folder.resolve("stopped");
    assertThatThrownBy(
            () ->
                Training.of(network(), interrupting)
                    .validation(VALIDATION)
                    .recipe(recipe)
                    .threads(2)
                    .run(run))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("stopped after step 1 of epoch 1");

    training(recipe).resume(run);
    assertThat(run.resolve("weights.pth"))
        .hasSameBinaryContentAs(folder.resolve("whole/weights.pth"));
  }

  @Test
  void aFolderThatAKilledValidationLeftDoesNotMatter() throws Exception {
    Path run = folder.resolve("run");
    TrainingRecipe recipe = RECIPE.with("epochs", "1");
    assertThatThrownBy(() -> training(recipe).listener(stoppingAfter(1)).run(run))
        .isInstanceOf(InterruptedException.class);
    Files.writeString(Files.createDirectories(run.resolve("validation/.1.part")).resolve("a"), "");

    training(recipe).resume(run);
    assertThat(run.resolve("validation")).doesNotExist();
  }

  @Test
  void aRunWithoutACheckpointIsResumedFromTheBeginning() throws Exception {
    Path run = folder.resolve("run");
    assertThatIOException().isThrownBy(() -> training(RECIPE.with("from", "nothing.pth")).run(run));
    List<String> notes = new ArrayList<>();

    training(RECIPE.with("epochs", "1")).listener(Notes.into(notes)).resume(run);

    assertThat(notes).contains("there is no checkpoint yet, so the run starts from the beginning");
    assertThat(run.resolve("weights.pth")).exists();
  }

  @Test
  void refusesToResumeWithAnotherRecipe() throws Exception {
    training(RECIPE.with("epochs", "1")).run(folder.resolve("run"));

    assertThatIOException()
        .isThrownBy(
            () ->
                training(RECIPE.with("epochs", "1").with("rate", "0.1"))
                    .resume(folder.resolve("run")))
        .withMessageContainingAll("the recipe has changed", "rate", "0.1", "0.05");
  }

  @Test
  void saysThatTheNumberOfThreadsHasChanged() throws Exception {
    Path run = folder.resolve("run");
    TrainingRecipe recipe = RECIPE.with("epochs", "1");
    assertThatThrownBy(() -> training(recipe).listener(stoppingAfter(1)).run(run))
        .isInstanceOf(InterruptedException.class);
    Path text = run.resolve("checkpoints/last.properties");
    String saved = Files.readString(text);
    int threads = PyTorch.start().threads();
    assertThat(saved).contains("\nthreads=" + threads + "\n");
    Files.writeString(text, saved.replace("\nthreads=" + threads, "\nthreads=77"));
    List<String> notes = new ArrayList<>();

    training(recipe).listener(Notes.into(notes)).resume(run);

    assertThat(notes)
        .contains(
            "PyTorch has %s threads and had 77 before, so sums are rounded differently; resume with --threads 77 for the same weights as without a stop"
                .formatted(threads));
  }

  @Test
  void aValidationThatFailsCostsNoStep() throws Exception {
    TrainingRecipe recipe = RECIPE.with("epochs", "1");
    training(recipe).run(folder.resolve("whole"));
    AtomicBoolean failing = new AtomicBoolean();
    Dataset validation = failing(VALIDATION, failing);
    Path run = folder.resolve("run");
    TrainingListener loosening =
        new TrainingListener() {
          @Override
          public void onStep(TrainingProgress progress) {
            failing.set(true);
          }
        };
    assertThatIOException()
        .isThrownBy(() -> training(recipe).validation(validation).listener(loosening).run(run))
        .withMessageContaining("the cable is loose");

    failing.set(false);
    List<String> notes = new ArrayList<>();
    training(recipe).validation(validation).listener(Notes.into(notes)).resume(run);

    assertThat(notes).contains("resumed after step 3 of epoch 1");
    assertThat(run.resolve("weights.pth"))
        .hasSameBinaryContentAs(folder.resolve("whole/weights.pth"));
  }

  @Test
  void refusesToResumeWithOtherPhotos() throws Exception {
    Path run = folder.resolve("run");
    TrainingRecipe recipe = RECIPE.with("epochs", "1");
    training(recipe).run(run);
    List<Sample> samples = new ArrayList<>(DATA.samples());
    samples.set(3, new Squares("another", 80, 72, 1));
    Dataset other = Dataset.of(DATA.name(), DATA.labels(), DATA.palette(), samples);

    assertThatIOException()
        .isThrownBy(
            () -> Training.of(network(), other).validation(VALIDATION).recipe(recipe).resume(run))
        .withMessageContaining(
            "its photos have changed: squares3 of the training is missing; another of the training is new.");
  }

  /** A data set whose photographs cannot be read for a while. */
  private static Dataset failing(Dataset data, AtomicBoolean failing) {
    return Dataset.of(
        data.name(),
        data.labels(),
        data.palette(),
        data.samples().stream().map(sample -> new Failing(sample, failing)).toList());
  }

  private record Failing(Sample sample, AtomicBoolean failing) implements Sample {
    @Override
    public String name() {
      return sample.name();
    }

    @Override
    public RgbImage photograph() throws IOException {
      if (failing.get()) {
        throw new IOException("the cable is loose");
      }
      return sample.photograph();
    }

    @Override
    public CategoryMask truth() throws IOException {
      return sample.truth();
    }
  }
}
