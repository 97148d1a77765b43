package io.github.pixelwise.zoo;

import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.spi.ModelProvider;
import java.util.List;
import java.util.stream.Stream;

/** Provides the models of the {@link Zoo} by name, once they have been fetched. */
public final class ZooModels implements ModelProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public ZooModels() {}

  @Override
  public List<String> names() {
    return Stream.concat(Zoo.entries().stream().map(ZooEntry::name), Zoo.hubNames().stream())
        .distinct()
        .toList();
  }

  /** {@return whether it is the name of an entry, or of a model on the Hub, fetched or not} */
  @Override
  public boolean knows(String name) {
    return HubName.matches(name) || names().contains(name);
  }

  /**
   * Returns the card of a model.
   *
   * @throws ModelNotFoundException if it has not been fetched; the message says how to fetch it
   * @throws io.github.pixelwise.ModelLoadException if it has been fetched but is damaged
   */
  @Override
  public ModelCard model(String name) {
    return Zoo.fetched(name).orElseThrow(() -> new ModelNotFoundException(notFetched(name)));
  }

  private static String notFetched(String name) {
    List<String> others =
        HubName.matches(name) ? Zoo.hubNames(HubName.parse(name)) : List.<String>of();
    return others.isEmpty()
        ? "model %s has not been fetched yet. Fetch it with %s".formatted(name, howToFetch(name))
        : "model %s has not been fetched yet. Fetched are: %s. Open one of these, or fetch it with %s"
            .formatted(name, Listing.of(others), howToFetch(name));
  }

  private static String howToFetch(String name) {
    return HubName.matches(name)
        ? Zoo.howToFetch(HubName.parse(name))
        : Zoo.howToFetch(Zoo.entry(name));
  }
}
