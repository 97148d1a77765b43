package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.zoo.Models;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * The options that say how an engine runs a model. Part of other groups of options, which know the
 * command.
 */
final class EngineOptions {
  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:N|auto",
      converter = DeviceConverter.class,
      description = "Where the network runs (default: auto).")
  private Device device = Device.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads per photo, 1 to 1024 (default: the engine's choice).")
  private int threads;

  @Option(
      names = "--setting",
      paramLabel = "NAME=VALUE",
      description =
          "An engine setting, for example onnx.cuda.memory-limit=2GB (see 'segment backends"
              + " --settings'). Repeatable.")
  private List<String> settings = List.of();

  @Option(
      names = "--tta",
      arity = "0..1",
      fallbackValue = "1,1.25,mirror",
      preprocessor = OnlyAttached.class,
      paramLabel = "SCALES,mirror",
      converter = AugmentationConverter.class,
      description =
          "Test-time augmentation: show the network each photo in several sizes and mirrored, and"
              + " average the scores. Without a value, ${FALLBACK-VALUE}: masks get a little"
              + " better, and the network takes five times as long.")
  private TestTimeAugmentation augmentation = TestTimeAugmentation.NONE;

  private Map<String, String> settings(CommandSpec command) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String setting : settings) {
      int end = setting.indexOf('=');
      if (end < 1) {
        throw wrong(command, "--setting must be NAME=VALUE, found " + setting);
      }
      String name = setting.substring(0, end);
      if (values.putIfAbsent(name, setting.substring(end + 1)) != null) {
        throw wrong(command, "--setting " + name + " is set twice");
      }
    }
    return values;
  }

  /**
   * Checks the options that choose an engine.
   *
   * @param backend its name; null for the first that works
   */
  SegmenterBuilder segmenter(CommandSpec command, ModelCard card, @Nullable String backend) {
    SegmenterBuilder builder =
        Segmenter.builder().model(card).device(device).augmentation(augmentation);
    try {
      builder.threads(threads);
      settings(command).forEach(builder::setting);
    } catch (IllegalArgumentException e) {
      throw wrong(command, e);
    }
    if (backend != null) {
      builder.backend(backend);
    }
    return builder;
  }

  /** Opens a model. */
  static Segmenter open(CommandSpec command, SegmenterBuilder builder) {
    try {
      return builder.open();
    } catch (IllegalArgumentException e) {
      // Only the backend can check its settings, and only the model its augmentation.
      throw wrong(command, e);
    }
  }

  /** Finds a model. */
  static ModelCard card(CommandSpec command, Catalog catalog, String model) {
    try {
      return Models.find(catalog, model);
    } catch (IOException e) {
      throw wrong(command, e);
    }
  }

  private static ParameterException wrong(CommandSpec command, Exception e) {
    return wrong(command, String.valueOf(e.getMessage()));
  }

  private static ParameterException wrong(CommandSpec command, String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Leaves a word after {@code --tta} alone: it may be a photo. */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (" ".equals(info.get("separator"))) {
        words.push(((OptionSpec) option).fallbackValue());
      }
      return false;
    }
  }

  /** Reads the value of {@code --tta}. */
  static final class AugmentationConverter implements ITypeConverter<TestTimeAugmentation> {
    @Override
    public TestTimeAugmentation convert(String text) {
      try {
        return TestTimeAugmentation.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads the value of {@code --device}. */
  static final class DeviceConverter implements ITypeConverter<Device> {
    @Override
    public Device convert(String name) {
      try {
        return Device.parse(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
