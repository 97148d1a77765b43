package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeKeysTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z][a-z0-9.-]*)` \\|.*\\|([^|]*)\\|$", Pattern.MULTILINE);

  @Test
  void areInTheDocumentsTableWithTheirDefaults() throws IOException {
    String guide = Files.readString(Path.of("../docs/training.md"));
    int start = guide.indexOf("\n## Keys\n");
    String section = guide.substring(start, guide.indexOf("\n## ", start + 1));
    Map<String, String> documented = new LinkedHashMap<>();
    ROW.matcher(section)
        .results()
        .forEach(row -> documented.put(row.group(1), row.group(2).strip()));

    Map<String, String> known = new LinkedHashMap<>();
    RecipeKeys.names().forEach(key -> known.put(key, RecipeKeys.defaultOf(key)));
    assertThat(documented).containsExactlyEntriesOf(known);
  }

  @Test
  void aValueThatIsTheDefaultIsTheSameAsNone() {
    TrainingRecipe recipe = TrainingRecipe.defaults().with("epochs", "5");

    assertThat(recipe.with("batch", "8")).isEqualTo(recipe);
    assertThat(recipe.with("epochs", "30")).isEqualTo(TrainingRecipe.defaults());
    // Not the default where a shorter beginning of the name has another factor.
    assertThat(recipe.with("rate.backbone.", "1").values()).containsKey("rate.backbone.");
  }

  @Test
  void refusesARateThatClimbs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrainingRecipe.defaults().with("rate.backbone.", "-1"))
        .withMessage("rate.backbone. must be a number of at least 0, found \"-1\"");
  }

  @Test
  void setTheNumbersOfSchedules() {
    assertThat(schedule("schedule = step")).isEqualTo(Schedule.step(10, 0.1));
    assertThat(schedule("schedule = step", "schedule.milestones = 20, 40"))
        .isEqualTo(Schedule.milestones(0.1, 20, 40));
    assertThat(schedule("schedule = one-cycle")).isEqualTo(Schedule.oneCycle(0.3, 25, 1e4));
    assertThat(
            schedule(
                "schedule = one-cycle",
                "schedule.warm-share = 0.2",
                "schedule.start-divisor = 10",
                "schedule.end-divisor = 100"))
        .isEqualTo(Schedule.oneCycle(0.2, 10, 100));
  }

  private static Schedule schedule(String... lines) {
    return TrainingRecipe.parse(String.join("\n", lines)).schedule(Metric.LOSS);
  }

  @Test
  void setTheDampening() {
    assertThat(TrainingRecipe.parse("optimizer.dampening = 0.5").optimizer())
        .isEqualTo(Optimizer.sgd(0.9).withDampening(0.5));
  }

  /** The defaults are those of torch.optim.SGD, Adam, AdamW, and RMSprop. */
  @ParameterizedTest
  @CsvSource({"sgd, 0", "adam, 0", "adamw, 0.01", "rmsprop, 0"})
  void leaveTheWeightDecayToTheOptimizer(String optimizer, double decay) {
    TrainingRecipe recipe = TrainingRecipe.defaults().with("optimizer", optimizer);

    assertThat(recipe.optimizer().weightDecay()).isEqualTo(decay);
    assertThat(recipe.with("optimizer.weight-decay", "5e-4").optimizer().weightDecay())
        .isEqualTo(5e-4);
    assertThat(recipe.with("optimizer.weight-decay", "0").optimizer().weightDecay()).isZero();
  }

  @Test
  void refuseMilestonesThatAreNoWholeNumbers() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrainingRecipe.defaults().with("schedule.milestones", "20, 4.5"))
        .withMessage(
            "schedule.milestones must be whole numbers separated by commas, such as 20, 40, found \"20, 4.5\"");
  }
}
