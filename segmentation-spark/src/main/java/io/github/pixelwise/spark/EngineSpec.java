package io.github.pixelwise.spark;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.internal.plugin.BackendSelection;
import io.github.pixelwise.internal.plugin.EngineOptions;
import io.github.pixelwise.model.ModelCard;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs a model.
 *
 * @param backend the backend; empty for the first that works
 * @param device the device, such as {@code auto}
 * @param augmentation the test-time augmentation, such as {@code 1,mirror}
 * @param settings the engine's settings, as {@code NAME=VALUE}
 */
record EngineSpec(String backend, String device, String augmentation, List<String> settings)
    implements Serializable {
  EngineSpec {
    settings = List.copyOf(settings);
  }

  /**
   * Checks this as far as it is known before a model is opened.
   *
   * @throws IllegalArgumentException if a value is wrong
   * @throws io.github.pixelwise.BackendNotFoundException if no backend here can run the model
   */
  void check(Catalog catalog, ModelCard model) {
    builder(); // fails if a value has the wrong form
    Map<String, String> named = new HashMap<>();
    settings.forEach(
        setting -> named.put(name(setting), setting.substring(name(setting).length() + 1)));
    new EngineOptions(Device.parse(device), 0, named).requireKnown(catalog.backends());
    BackendSelection.choose(catalog, model, backend.isEmpty() ? null : backend);
  }

  /**
   * Starts to open a model.
   *
   * @throws IllegalArgumentException if a value is wrong
   */
  SegmenterBuilder builder() {
    SegmenterBuilder builder =
        Segmenter.builder()
            .device(Device.parse(device))
            .augmentation(TestTimeAugmentation.parse(augmentation));
    if (!backend.isEmpty()) {
      builder.backend(backend);
    }
    for (String setting : settings) {
      String name = name(setting);
      builder.setting(name, setting.substring(name.length() + 1));
    }
    return builder;
  }

  private static String name(String setting) {
    int end = setting.indexOf('=');
    if (end < 1) {
      throw new IllegalArgumentException(
          "a setting must be NAME=VALUE, found \"%s\"".formatted(setting));
    }
    return setting.substring(0, end);
  }
}
