package io.github.pixelwise.spark;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Segmenter;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that this executor has opened: each once, when a first task needs it, for all of its
 * tasks, until the executor ends.
 */
final class OpenModels {
  private static final Map<Key, Segmenter> OPEN = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> OPEN.values().forEach(Segmenter::close), "pixelwise-close"));
  }

  private record Key(String modelHash, EngineSpec engine, int threads) {}

  private OpenModels() {}

  /**
   * Returns a model, which stays open.
   *
   * @param threads how many threads a task may use
   * @throws io.github.pixelwise.SegmentationException if it cannot be opened
   * @throws IllegalArgumentException if a setting or the augmentation is wrong
   */
  static Segmenter get(ShippedModel model, EngineSpec engine, int threads) {
    return OPEN.computeIfAbsent(
        new Key(model.hash(), engine, threads), key -> open(model, engine, threads));
  }

  private static Segmenter open(ShippedModel model, EngineSpec engine, int threads) {
    try {
      return engine.builder().model(model.card()).threads(threads).open();
    } catch (IOException e) {
      throw new ModelLoadException("cannot open the model: " + e.getMessage(), e);
    }
  }
}
