package io.github.pixelwise.training;

import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run, locked until it is closed.
 *
 * <pre>
 * .lock              held by the process that trains here
 * checkpoints/       what the run can be resumed from, and the best weights
 * log.csv            a line for each epoch
 * report.html        curves and sample pictures
 * model.onnx, model.pt, model.properties, weights.safetensors, weights.pth
 * </pre>
 */
final class RunFolder implements AutoCloseable {
  private static final String LOCK = ".lock";
  private static final String CHECKPOINTS = "checkpoints";

  private final Path path;
  private final FileChannel lock; // owned

  private RunFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Opens a folder for a new run, or for one to be resumed.
   *
   * @param path the folder; created for a new run if it does not exist
   * @param resumes whether to continue the run that is there
   * @throws IOException if there is a run and it is not to be resumed; if one is to be resumed and
   *     none has begun there; if another run has the folder; or if it cannot be written
   */
  static RunFolder open(Path path, boolean resumes) throws IOException {
    if (resumes && !hasRun(path) && !Files.exists(path.resolve(LOCK))) {
      throw new IOException(
          "there is no run in %s to resume; check the folder, or leave out --resume"
              .formatted(path));
    }
    requireFolders(path);
    FileChannel lock;
    try {
      Files.createDirectories(path);
      lock =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          "cannot write to the folder %s: %s; choose another one".formatted(path, Reason.of(e)), e);
    }
    try {
      if (tryLock(lock) == null) {
        throw new IOException(
            "another run is writing to %s; wait until it ends, or choose another folder"
                .formatted(path));
      }
      if (!resumes && hasRun(path)) {
        throw new IOException(
            "there is already a run in %s; continue it with --resume, or choose another folder"
                .formatted(path));
      }
      return new RunFolder(path, lock);
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }

  /** Null if another process, or this one, has the lock. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void requireFolders(Path path) throws IOException {
    for (Path part = path.toAbsolutePath(); part != null; part = part.getParent()) {
      if (Files.exists(part) && !Files.isDirectory(part)) {
        throw new IOException(
            "cannot write to the folder %s: %s is a file; choose another folder"
                .formatted(path, part));
      }
    }
  }

  /** Whether there is anything that a new run would destroy. A log without a checkpoint is not. */
  private static boolean hasRun(Path path) {
    return new CheckpointFolder(path.resolve(CHECKPOINTS)).has(CheckpointFolder.Kind.LAST)
        || Stream.of(Export.CARD, Export.STATE_DICT)
            .anyMatch(name -> Files.exists(path.resolve(name)));
  }

  /** {@return the folder} */
  Path path() {
    return path;
  }

  /** {@return the run's checkpoints} */
  CheckpointFolder checkpoints() {
    return new CheckpointFolder(path.resolve(CHECKPOINTS));
  }

  /** Lets another run have the folder. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
