package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.zoo.internal.transfer.FetchLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Fetches models from the Hub into the cache. What was downloaded before a connection broke is
 * kept, and the next fetch continues there. Safe for use by several threads.
 */
final class HubFetcher {
  private final HubStore store;
  private final Client client;

  /** Makes a client when one is needed. */
  @FunctionalInterface
  interface Client {
    Hub hub() throws IOException;
  }

  HubFetcher(CacheFolders cache, Client client) {
    this.store = new HubStore(cache);
    this.client = client;
  }

  /** Fetches a model, unless it is in the cache undamaged. */
  ModelCard fetch(HubName name, FetchProgress progress) throws IOException {
    Optional<ModelCard> there = intact(name);
    if (there.isPresent()) {
      return there.get();
    }
    Path cache = store.writable(name);
    return FetchLock.holding(
        cache.resolve("." + name.folder() + ".lock"),
        name.toString(),
        progress,
        e -> unwritable(name, 0, e),
        folder -> {
          // Another process may have fetched it in the meantime.
          Optional<ModelCard> again = intact(name);
          return again.isPresent()
              ? again.get()
              : new HubFetch(client.hub(), name, store.commit(name), folder, progress).run();
        });
  }

  private Optional<ModelCard> intact(HubName name) {
    try {
      return store.find(name, true);
    } catch (IOException e) {
      return Optional.empty(); // damaged: to be fetched again
    }
  }

  /**
   * Returns the error for a cache that cannot be written.
   *
   * @param bytes how much space the model needs there; 0 if not known yet
   */
  static IOException unwritable(HubName name, long bytes, IOException e) {
    String need =
        bytes == 0 ? "" : " The model needs about %d MB there.".formatted(bytes / 1_000_000 + 1);
    return new IOException(
        "cannot fetch %s: cannot write to the cache: %s.%s Free some space there, or set -Dpixelwise.cache or PIXELWISE_CACHE to use another folder."
            .formatted(name, e.getMessage(), need),
        e);
  }

  /**
   * Returns the error for a repository that cannot be fetched.
   *
   * @param found what was found, without a period
   */
  static IOException wrong(HubName name, String found) {
    return new IOException("cannot fetch %s: %s.".formatted(name, found));
  }
}
