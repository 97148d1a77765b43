package io.github.pixelwise.training;

import io.github.pixelwise.internal.util.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys of recipes, with their defaults and what their values may be. */
final class RecipeKeys {
  static final String RATE_OF = "rate.";

  private record Key(String standard, String expected, Predicate<String> accepts) {}

  private static final String RANGE = "two numbers such as 0.5..2";
  private static final Pattern SIZE = Pattern.compile("[1-9]\\d{0,4}x[1-9]\\d{0,4}");

  private static final Map<String, Key> KEYS = new LinkedHashMap<>();

  static {
    // The network and where it starts
    text("network", "");
    number("network.width", "1", 0, 8);
    choice("network.output-stride", "", "8", "16");
    text("from", "");
    text("source", "");
    text("license", "");
    // The run
    whole("epochs", "30", 1);
    whole("batch", "8", 1);
    whole("accumulation", "1", 1);
    key("seed", "0", "a whole number", value -> value.matches("-?\\d{1,18}"));
    choice("precision", "float32", "bfloat16");
    whole("validate-every", "1", 1);
    whole("patience", "", 1);
    number("patience.improvement", "0", 0, 1);
    choice("sampling", "shuffled", "balanced");
    // The loss
    key("loss", "cross-entropy", RecipeParts.LOSSES, RecipeParts::isLoss);
    number("loss.smoothing", "0", 0, 1);
    number("loss.gamma", "2", 0, 100);
    numbers("loss.class-weights", "");
    number("loss.threshold", "0.7", 0, 1);
    whole("loss.kept", "100000", 1);
    number("auxiliary-weight", "0.5", 0, 1000);
    // The optimizer
    choice("optimizer", "sgd", "adam", "adamw", "rmsprop");
    number("rate", "0.01", 0, 1000);
    number("optimizer.momentum", "", 0, 1);
    choice("optimizer.nesterov", "false", "true");
    number("optimizer.dampening", "0", 0, 1);
    number("optimizer.weight-decay", "", 0, 1000);
    number("optimizer.beta1", "0.9", 0, 1);
    number("optimizer.beta2", "0.999", 0, 1);
    number("optimizer.alpha", "0.99", 0, 1);
    number("optimizer.epsilon", "1e-8", 0, 1);
    choice("optimizer.centered", "false", "true");
    number("clip", "", 0, 1e9);
    number("average", "", 0, 1);
    text("freeze", "");
    choice("dropout", "on", "off");
    choice("batch-norm", "train", "freeze");
    // The schedule
    choice("schedule", "poly", "constant", "step", "cosine", "one-cycle", "plateau");
    number("schedule.power", "0.9", 0, 100);
    number("schedule.factor", "0.1", 0, 1);
    whole("schedule.epochs", "10", 1);
    key(
        "schedule.milestones",
        "",
        "whole numbers separated by commas, such as 20, 40",
        value -> value.matches("[1-9]\\d{0,8}(\\s*,\\s*[1-9]\\d{0,8})*"));
    number("schedule.minimum", "0", 0, 1);
    number("schedule.warm-share", "0.3", 0, 1);
    number("schedule.start-divisor", "25", 1, 1e9);
    number("schedule.end-divisor", "10000", 1, 1e9);
    whole("schedule.warm-up", "0", 0);
    // Augmentation
    range("augment.short-edge");
    size("augment.stretch", "");
    size("augment.fit", "");
    range("augment.scale");
    range("augment.aspect-ratio");
    size("augment.crop", "480x480");
    number("augment.largest-share", "1", 0, 1);
    number("augment.flip", "0.5", 0, 1);
    number("augment.rotate", "0", 0, 180);
    number("augment.rotate.probability", "1", 0, 1);
    range("augment.brightness");
    range("augment.contrast");
    range("augment.saturation");
    range("augment.hue");
    range("augment.blur");
    number("augment.blur.probability", "0.5", 0, 1);
    number("augment.gray", "0", 0, 1);
  }

  private RecipeKeys() {}

  private static void key(
      String name, String standard, String expected, Predicate<String> accepts) {
    KEYS.put(name, new Key(standard, expected, accepts));
  }

  private static void text(String name, String standard) {
    key(name, standard, "a text", value -> true);
  }

  private static void choice(String name, String standard, String... others) {
    List<String> all =
        Stream.concat(Stream.of(standard), Stream.of(others))
            .filter(each -> !each.isEmpty())
            .toList();
    key(name, standard, "one of " + String.join(", ", all), all::contains);
  }

  private static void whole(String name, String standard, int least) {
    key(
        name,
        standard,
        "a whole number of at least " + least,
        value -> value.matches("\\d{1,9}") && Integer.parseInt(value) >= least);
  }

  private static void number(String name, String standard, double least, double most) {
    key(
        name,
        standard,
        "a number from %s to %s".formatted(plain(least), plain(most)),
        value -> isNumber(value) && within(Double.parseDouble(value), least, most));
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e6
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }

  private static boolean within(double value, double least, double most) {
    return value >= least && value <= most;
  }

  private static void size(String name, String standard) {
    key(name, standard, "a width and height such as 480x480", SIZE.asMatchPredicate());
  }

  private static void numbers(String name, String standard) {
    key(
        name,
        standard,
        "numbers separated by commas",
        value -> List.of(value.split("\\s*,\\s*", -1)).stream().allMatch(RecipeKeys::isNumber));
  }

  private static void range(String name) {
    key(
        name,
        "",
        RANGE,
        value -> {
          String[] ends = value.split("\\.\\.", -1);
          return ends.length == 2
              && isNumber(ends[0])
              && isNumber(ends[1])
              && Double.parseDouble(ends[0]) <= Double.parseDouble(ends[1]);
        });
  }

  private static boolean isNumber(String value) {
    return value.strip().matches("-?\\d{1,12}(\\.\\d{1,15})?([eE]-?\\d{1,2})?");
  }

  static List<String> names() {
    return List.copyOf(KEYS.keySet());
  }

  static String defaultOf(String key) {
    return key.startsWith(RATE_OF) ? "1" : find(key).standard;
  }

  /**
   * Checks a key and its value.
   *
   * @throws IllegalArgumentException if there is no such key, or it cannot have that value
   */
  static void check(String key, String value) {
    if (key.startsWith(RATE_OF)) {
      require(
          key, value, "a number of at least 0", isNumber(value) && Double.parseDouble(value) >= 0);
      return;
    }
    Key known = find(key);
    require(key, value, known.expected, value.equals(known.standard) || known.accepts.test(value));
  }

  private static void require(String key, String value, String expected, boolean good) {
    if (!good) {
      throw new IllegalArgumentException(
          "%s must be %s, found \"%s\"".formatted(key, expected, value));
    }
  }

  private static Key find(String key) {
    Key known = KEYS.get(key);
    if (known == null) {
      throw new IllegalArgumentException(
          "there is no key \"%s\"%s; keys are %s, and %sNAME"
              .formatted(key, Names.suggestion(key, names()), String.join(", ", names()), RATE_OF));
    }
    return known;
  }
}
