package io.github.pixelwise.internal.plugin;

import io.github.pixelwise.Device;
import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.Setting;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The user's options for the engine, before the engine is chosen.
 *
 * @param device the requested device
 * @param threads the threads one run may use on the CPU, 1 to 1024; 0 leaves it to the engine
 * @param settings engine-specific settings by name; sorted and unmodifiable
 */
public record EngineOptions(Device device, int threads, Map<String, String> settings) {
  private static final Pattern SETTING = Pattern.compile("[a-z][a-z0-9-]*\\..+");

  /** The best device, and the engine's default number of threads. */
  public static final EngineOptions DEFAULT = new EngineOptions(Device.AUTO, 0, Map.of());

  /**
   * Creates options.
   *
   * @throws IllegalArgumentException if the number of threads is outside 0..1024, or a setting's
   *     name does not begin with a backend's name
   */
  public EngineOptions {
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException("threads must lie in 0..1024, found " + threads);
    }
    // The copy rejects nulls, and the order makes errors the same every time.
    settings = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(settings)));
    settings.keySet().forEach(EngineOptions::requireSettingName);
  }

  /**
   * Checks that a name begins with a backend's name and a dot.
   *
   * @throws IllegalArgumentException if it does not
   */
  public static String requireSettingName(String name) {
    if (!SETTING.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a setting's name must be BACKEND.NAME, for example onnx.cuda.memory-limit, found \"%s\""
              .formatted(name));
    }
    return name;
  }

  public EngineOptions withDevice(Device other) {
    return new EngineOptions(other, threads, settings);
  }

  public EngineOptions withThreads(int number) {
    return new EngineOptions(device, number, settings);
  }

  public EngineOptions withSetting(String name, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(name, value);
    return new EngineOptions(device, threads, more);
  }

  /**
   * Checks that every setting is declared by a backend on the class path, or belongs to one of our
   * own backends that is absent: a program may have settings for several backends and run with one
   * of them.
   *
   * @throws IllegalArgumentException if a setting is unknown, or its value is wrong; the message
   *     suggests the most similar one
   */
  public void requireKnown(List<BackendProvider> backends) {
    settings.forEach(
        (name, value) -> {
          String prefix = name.substring(0, name.indexOf('.'));
          Optional<BackendProvider> owner =
              backends.stream().filter(backend -> backend.name().equals(prefix)).findFirst();
          if (owner.isPresent()) {
            requireKnown(name, value, prefix, owner.get().settings());
          } else if (!BackendSelection.ARTIFACTS.containsKey(prefix)) {
            throw new IllegalArgumentException(
                "there is no backend %s on the class path for the setting %s%s; found %s. Correct the setting's name, or add the backend's jar."
                    .formatted(prefix, name, suggestion(name, prefix, backends), names(backends)));
          }
        });
  }

  /** Checks that a backend declares a setting that begins with its name, and takes its value. */
  public static void requireKnown(
      String name, String value, String backend, List<Setting<?>> declared) {
    List<String> names = declared.stream().map(Setting::name).sorted().toList();
    for (Setting<?> setting : declared) {
      if (setting.name().equals(name)) {
        setting.parse(value);
        return;
      }
    }
    throw new IllegalArgumentException(
        names.isEmpty()
            ? "backend %s has no settings, found %s".formatted(backend, name)
            : "backend %s has no setting %s%s; it has %s"
                .formatted(backend, name, Names.suggestion(name, names), listed(names)));
  }

  private static String suggestion(String name, String prefix, List<BackendProvider> backends) {
    List<String> settings =
        backends.stream().flatMap(b -> b.settings().stream()).map(Setting::name).toList();
    String near = Names.suggestion(name, settings);
    return near.isEmpty()
        ? Names.suggestion(
            prefix,
            Stream.concat(
                    backends.stream().map(BackendProvider::name),
                    BackendSelection.ARTIFACTS.keySet().stream())
                .toList())
        : near;
  }

  private static String names(List<BackendProvider> backends) {
    return String.join(", ", backends.stream().map(BackendProvider::name).toList());
  }

  private static String listed(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
