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
import java.util.Objects;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that choose a model and what runs it. */
final class ModelOptions {
  /** What the names of models on the Hugging Face Hub begin with. */
  static final String HUB = "hf:";

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|CARD|FILE|DIR",
      description =
          "The model (default: ${DEFAULT-VALUE}): a name (see 'segment models'), hf:OWNER/NAME for"
              + " a model that 'segment models fetch' has fetched from the Hugging Face Hub, a"
              + " model card (*.properties), a network with its card next to it, the folder of a"
              + " card, or a Hugging Face folder. To choose a network in a Hugging Face folder,"
              + " name it: DIR/onnx/model_fp16.onnx.")
  private String model = Segmenter.DEFAULT_MODEL;

  @Option(
      names = {"-b", "--backend"},
      paramLabel = "NAME",
      description = "The engine (default: the first one in 'segment backends' that works).")
  private @Nullable String backend;

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

  /** The model as it was named. */
  String model() {
    return model;
  }

  private Map<String, String> settings() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String setting : settings) {
      int end = setting.indexOf('=');
      if (end < 1) {
        throw wrong("--setting must be NAME=VALUE, found " + setting);
      }
      String name = setting.substring(0, end);
      if (values.putIfAbsent(name, setting.substring(end + 1)) != null) {
        throw wrong("--setting " + name + " is set twice");
      }
    }
    return values;
  }

  /** Checks the options that choose an engine. */
  SegmenterBuilder segmenter(ModelCard card) {
    SegmenterBuilder builder =
        Segmenter.builder().model(card).device(device).augmentation(augmentation);
    try {
      builder.threads(threads);
      settings().forEach(builder::setting);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
    if (backend != null) {
      builder.backend(backend);
    }
    return builder;
  }

  /** Opens the model. */
  Segmenter open(SegmenterBuilder builder) {
    try {
      return builder.open();
    } catch (IllegalArgumentException e) {
      // Only the backend can check its settings, and only the model its augmentation.
      throw wrong(e);
    }
  }

  /** Finds the model. */
  ModelCard card(Catalog catalog) {
    try {
      return Models.find(catalog, model);
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  private ParameterException wrong(Exception e) {
    return wrong(String.valueOf(e.getMessage()));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "injected by picocli").commandLine(), message);
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
