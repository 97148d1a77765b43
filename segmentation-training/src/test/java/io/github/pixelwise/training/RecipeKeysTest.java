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
}
