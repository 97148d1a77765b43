package io.github.pixelwise.zoo;

import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.spi.ModelProvider;
import java.util.List;

/** Provides the fetched models of the {@link Zoo} by name. */
public final class ZooModels implements ModelProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public ZooModels() {}

  @Override
  public List<String> names() {
    return Zoo.entries().stream().map(ZooEntry::name).toList();
  }

  /**
   * Returns the card of a model.
   *
   * @throws ModelNotFoundException if it has not been fetched; the message says how to fetch it
   * @throws io.github.pixelwise.ModelLoadException if it has been fetched but is damaged
   */
  @Override
  public ModelCard model(String name) {
    return Zoo.fetched(name)
        .orElseThrow(
            () ->
                new ModelNotFoundException(
                    "model %s has not been fetched yet. Fetch it with %s"
                        .formatted(name, Zoo.howToFetch(Zoo.entry(name)))));
  }
}
