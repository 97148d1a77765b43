package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.zoo.internal.transfer.Download;
import io.github.pixelwise.zoo.internal.transfer.FetchLock;
import io.github.pixelwise.zoo.internal.transfer.Http;
import io.github.pixelwise.zoo.internal.transfer.Verification;
import io.github.pixelwise.zoo.internal.transfer.WorkFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches models into the cache: downloads, verifies and converts. Safe for use by several threads.
 */
final class Fetcher {
  private static final String DOWNLOAD_AND_FETCH =
      "Try again, or download the file in another way and pass it to 'segment models fetch %s --from FILE'.";
  private static final String DOWNLOAD_THE_FILE =
      "Try again, or download the file in another way and pass the file.";

  private final ZooCache cache;
  private final Supplier<Download> download;
  private final CheckpointConverter converter;

  /**
   * Creates a fetcher.
   *
   * @param download supplies the downloader when one is needed
   */
  Fetcher(CacheFolders cache, Supplier<Download> download, CheckpointConverter converter) {
    this.cache = new ZooCache(cache);
    this.download = download;
    this.converter = converter;
  }

  /**
   * Fetches a model, unless it is in the cache undamaged.
   *
   * @param checkpoint the checkpoint; null to download it
   */
  ModelCard fetch(ZooEntry entry, @Nullable Path checkpoint, FetchProgress progress)
      throws IOException {
    Optional<ModelCard> there = intact(entry);
    if (there.isPresent()) {
      return there.get();
    }
    return locked(
        entry,
        progress,
        zoo -> {
          // Another process may have fetched it in the meantime.
          Optional<ModelCard> again = intact(entry);
          return again.isPresent() ? again.get() : fetch(entry, checkpoint, progress, zoo);
        });
  }

  /**
   * Fetches the published checkpoint itself, unless it is in the cache undamaged.
   *
   * @return its path in the cache
   */
  Path checkpoint(ZooEntry entry, FetchProgress progress) throws IOException {
    for (Path file : cache.checkpoints(entry)) {
      if (isPublished(file, entry, progress)) {
        return file;
      }
    }
    return locked(
        entry,
        progress,
        zoo -> {
          Path file = ZooCache.checkpoint(zoo, entry);
          if (isPublished(file, entry, progress)) { // fetched by another process in the meantime
            return file;
          }
          try (WorkFolder work = WorkFolder.create(zoo.resolve("." + entry.name() + ".part"))) {
            Path part = work.path().resolve("checkpoint");
            download(part, entry, DOWNLOAD_THE_FILE, progress);
            return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
          }
        });
  }

  private static boolean isPublished(Path file, ZooEntry entry, FetchProgress progress) {
    try {
      check(file, entry, progress);
      return true;
    } catch (IOException e) {
      return false; // missing, or damaged: to be fetched again
    }
  }

  /** Works while no other thread or process fetches the same model. */
  private <T> T locked(ZooEntry entry, FetchProgress progress, FetchLock.Work<T> work)
      throws IOException {
    Path zoo = cache.writable(entry);
    return FetchLock.holding(
        zoo.resolve("." + entry.name() + ".lock"),
        entry.name(),
        progress,
        e -> unwritable(entry, e),
        work);
  }

  private Optional<ModelCard> intact(ZooEntry entry) {
    try {
      return cache.find(entry, true);
    } catch (IOException e) {
      return Optional.empty(); // damaged: to be fetched again
    }
  }

  private ModelCard fetch(
      ZooEntry entry, @Nullable Path checkpoint, FetchProgress progress, Path zoo)
      throws IOException, InterruptedException {
    try (WorkFolder work = WorkFolder.create(zoo.resolve("." + entry.name() + ".part"))) {
      Path source = checkpoint;
      if (source == null) {
        source = work.path().resolve("checkpoint");
        download(source, entry, DOWNLOAD_AND_FETCH.formatted(entry.name()), progress);
      } else {
        check(source, entry, progress);
      }
      progress.at(FetchProgress.Phase.CONVERTING, 0, OptionalLong.empty());
      Path made = Files.createDirectory(work.path().resolve(entry.name()));
      try {
        converter.convert(source, entry, made);
        ZooCache.read(ZooCache.card(made), false);
      } catch (IOException e) {
        throw new IOException(
            "cannot fetch %s: its file cannot be converted in %s: %s"
                .formatted(entry.name(), zoo, e.getMessage()),
            e);
      }
      Path finished = zoo.resolve(entry.name());
      if (Files.exists(finished)) {
        Files.move(finished, work.path().resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(made, finished, StandardCopyOption.ATOMIC_MOVE);
      return ZooCache.read(ZooCache.card(finished), false);
    }
  }

  private void download(Path file, ZooEntry entry, String advice, FetchProgress progress)
      throws IOException, InterruptedException {
    URI address = Mirror.of(entry.source());
    progress.starting(address, entry.license(), entry.size());
    download
        .get()
        .to(
            file,
            Http.Request.get(address),
            new Verification(entry.name(), entry.expected(), address, advice),
            e -> unwritable(entry, e),
            progress);
  }

  private static void check(Path checkpoint, ZooEntry entry, FetchProgress progress)
      throws IOException {
    Verification verification =
        new Verification(
            entry.name(),
            entry.expected(),
            checkpoint,
            "To convert your own weights, use 'segment models convert'.");
    try {
      verification.requireSize(Files.size(checkpoint));
      verification.addAll(checkpoint, progress);
    } catch (FileSystemException e) {
      throw verification.of(Reason.of(e), e);
    }
    verification.finish();
  }

  /** Returns the error for a cache that cannot be written. */
  private static IOException unwritable(ZooEntry entry, IOException e) {
    return new IOException(
        ("cannot fetch %s: cannot write to the cache: %s. Converting it needs about %d MB there; "
                + "set -Dpixelwise.cache or PIXELWISE_CACHE to use another folder.")
            .formatted(entry.name(), e.getMessage(), 3 * entry.size() / 1_000_000 + 1),
        e);
  }
}
