package io.github.pixelwise.spring;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.Catalog;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.zoo.Models;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Opens the segmenter that properties describe. Errors name the property that is wrong, if it is
 * known.
 *
 * @param properties the properties
 * @param classLoader where backends and models are
 */
record SegmenterFactory(PixelwiseProperties properties, ClassLoader classLoader) {
  private static final String SETTINGS = "settings.";

  SegmenterBuilder builder() {
    SegmenterBuilder builder = Segmenter.builder().classLoader(classLoader);
    set("model", properties.model(), name -> builder.model(card(name)));
    set("backend", properties.backend(), builder::backend);
    set("device", properties.device(), name -> builder.device(name));
    set("threads", properties.threads(), builder::threads);
    set("batch-size", properties.batchSize(), builder::batchSize);
    if (properties.sharedBatches().images() != 0) {
      set(
          "shared-batches",
          properties.sharedBatches(),
          batches -> builder.sharedBatches(batches.images(), batches.time()));
    }
    set(
        "augmentation",
        properties.augmentation(),
        text -> builder.augmentation(TestTimeAugmentation.parse(text)));
    properties
        .settings()
        .forEach((name, value) -> set(SETTINGS + name, value, text -> builder.setting(name, text)));
    return builder;
  }

  private ModelCard card(String model) throws IOException {
    return Models.find(Catalog.load(classLoader), model);
  }

  private interface Setter<T> {
    void accept(T value) throws IOException;
  }

  private static <T> void set(String property, @Nullable T value, Setter<T> setter) {
    if (value != null) {
      try {
        setter.accept(value);
      } catch (IllegalArgumentException | SegmentationException | IOException e) {
        throw wrong(property, value, e);
      }
    }
  }

  /** Opens the segmenter; what only the model and the engine can check is checked here. */
  Segmenter open(SegmenterBuilder builder) {
    try {
      return builder.open();
    } catch (BackendNotFoundException e) {
      throw blamed("backend", properties.backend(), e);
    } catch (ModelLoadException e) {
      throw e.reason() == ModelLoadException.Reason.DEVICE_MISSING
          ? blamed("device", properties.device(), e)
          : e;
    } catch (IllegalArgumentException e) {
      Optional<String> setting = settingIn(String.valueOf(e.getMessage()));
      throw setting.isPresent()
          ? blamed(SETTINGS + setting.get(), properties.settings().get(setting.get()), e)
          : blamed("augmentation", properties.augmentation(), e);
    }
  }

  /** The setting that a message names: which one is wrong, exceptions do not say otherwise. */
  private Optional<String> settingIn(String message) {
    return properties.settings().keySet().stream()
        .filter(message::contains)
        .max(Comparator.comparingInt(String::length));
  }

  /** What is not set is not to blame: a customizer may have set it. */
  private static RuntimeException blamed(
      String property, @Nullable Object value, RuntimeException e) {
    return value == null ? e : wrong(property, value, e);
  }

  private static RuntimeException wrong(String property, Object value, Exception e) {
    RuntimeException wrong =
        new InvalidConfigurationPropertyValueException(
            PixelwiseProperties.PREFIX + "." + property, value, String.valueOf(e.getMessage()));
    wrong.addSuppressed(e); // Spring Boot 4.0 has no constructor with a cause
    return wrong;
  }
}
