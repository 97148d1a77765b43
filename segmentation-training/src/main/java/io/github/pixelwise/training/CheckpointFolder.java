package io.github.pixelwise.training;

import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.checkpoint.CheckpointWriter;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.training.internal.loading.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The checkpoints of a run. Each is a file of tensors, {@code last-7.safetensors}, and a text with
 * the rest, {@code last.properties}. The tensors get a new file each time, and the text, which
 * names it, is replaced after that. So whenever the process is killed or the disk is full, the text
 * is that of a complete checkpoint.
 *
 * <p>To be used by one thread at a time, and by one process, see {@link RunFolder}.
 */
final class CheckpointFolder {
  /** Which checkpoint. */
  enum Kind {
    /** All that is needed to go on. */
    LAST,
    /** The weights with the best metric. */
    BEST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a checkpoint holds.
   *
   * @param state where the run was
   * @param tensors the tensors by name; their values are read on each request
   */
  record Saved(RunState state, Map<String, WeightTensor> tensors) {}

  private static final String TENSORS = ".safetensors";
  private static final System.Logger LOGGER = System.getLogger("io.github.pixelwise");

  private final Path folder;

  /**
   * @param folder the folder, made when something is saved
   */
  CheckpointFolder(Path folder) {
    this.folder = folder;
  }

  /** {@return whether there is a checkpoint, damaged or not} */
  boolean has(Kind kind) {
    return Files.exists(text(kind));
  }

  private Path text(Kind kind) {
    return folder.resolve(kind + ".properties");
  }

  /**
   * Saves a checkpoint. Only one tensor at a time is on the heap. If several are saved after an
   * epoch, {@link Kind#LAST} comes last: then a run that was killed between them repeats the epoch.
   * An interrupt does not stop it.
   *
   * @throws IOException if it cannot be written; the one of before is still there
   */
  void save(Kind kind, RunState state, Map<String, ? extends WeightTensor> tensors)
      throws IOException {
    // In a thread of its own, because an interrupt would close the file.
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              write(kind, state, tensors);
              return null;
            });
    new Thread(task, "pixelwise-checkpoint").start();
    Workers.resultDespiteInterrupts(task);
  }

  private void write(Kind kind, RunState state, Map<String, ? extends WeightTensor> tensors)
      throws IOException {
    try {
      Files.createDirectories(folder);
      delete(files(Pattern.compile("\\..*\\.part"))); // of processes that were killed
      List<Path> before = files(Pattern.compile(kind + "-\\d{1,9}" + Pattern.quote(TENSORS)));
      Path file = folder.resolve("%s-%s%s".formatted(kind, number(before) + 1, TENSORS));
      try {
        write(kind, file, state, tensors);
      } catch (Throwable e) {
        delete(List.of(file));
        throw e;
      }
      delete(before);
    } catch (IOException e) {
      throw new IOException(
          "cannot save the %s checkpoint, of epoch %d, in %s: %s. %s"
              .formatted(
                  kind,
                  state.epoch(),
                  folder,
                  Reason.of(e),
                  has(kind)
                      ? "The previous one is still there: make room, and resume the run"
                      : "Make room, and start again"),
          e);
    }
  }

  private void write(
      Kind kind, Path file, RunState state, Map<String, ? extends WeightTensor> tensors)
      throws IOException {
    new CheckpointWriter().addAll(tensors).writeSafetensors(file);
    force(file);
    Properties text = new Properties();
    state.writeTo(text);
    text.setProperty("tensors", String.valueOf(file.getFileName()));
    text.setProperty("bytes", Long.toString(Files.size(file)));
    text.setProperty("crc32c", checksum(file));
    AtomicFile.write(text(kind), out -> text.store(out, null));
  }

  private List<Path> files(Pattern name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> name.matcher(String.valueOf(file.getFileName())).matches())
          .toList();
    }
  }

  /** The highest number of files, 0 if there are none. */
  private static int number(List<Path> files) {
    return files.stream()
        .mapToInt(file -> Integer.parseInt(file.getFileName().toString().replaceAll("\\D", "")))
        .max()
        .orElse(0);
  }

  /** Deletes files. On Windows, those that are still in use stay until next time. */
  private static void delete(List<Path> files) {
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOGGER.log(System.Logger.Level.WARNING, "cannot delete {0}: {1}", file, Reason.of(e));
      }
    }
  }

  private Properties read(Kind kind) throws IOException {
    Properties text = new Properties();
    try (InputStream in = Files.newInputStream(text(kind))) {
      text.load(in);
    }
    return text;
  }

  /**
   * Reads a checkpoint.
   *
   * @return empty if there is none
   * @throws IOException if it is damaged
   */
  Optional<Saved> load(Kind kind) throws IOException {
    if (!has(kind)) {
      return Optional.empty();
    }
    try {
      Properties text = read(kind);
      RunState state = RunState.of(text);
      Path file = folder.resolve(RunState.required(text, "tensors"));
      if (!Files.exists(file)) {
        throw new IOException("%s is missing".formatted(file.getFileName()));
      }
      String bytes = RunState.required(text, "bytes");
      if (!bytes.equals(Long.toString(Files.size(file)))) {
        throw new IOException(
            "%s has %s bytes instead of %s".formatted(file.getFileName(), Files.size(file), bytes));
      }
      if (!checksum(file).equals(RunState.required(text, "crc32c"))) {
        throw new IOException("the checksum of %s has changed".formatted(file.getFileName()));
      }
      return Optional.of(new Saved(state, Checkpoint.read(file).tensors()));
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "the %s checkpoint in %s is damaged: %s. Restore its files from a copy, or start a new run in another folder%s"
              .formatted(
                  kind,
                  folder,
                  Reason.firstLine(e),
                  kind == Kind.LAST && has(Kind.BEST) ? ", from the best checkpoint" : ""),
          e);
    }
  }

  /**
   * Reads the last checkpoint to continue its run.
   *
   * @param network the network, as {@link #describe} has it
   * @param recipe the settings
   * @return empty if there is no checkpoint yet
   * @throws IOException if it is damaged, or of a run with another network or other settings
   */
  Optional<Saved> resume(Network network, Map<String, String> recipe) throws IOException {
    Optional<Saved> saved = load(Kind.LAST);
    if (saved.isPresent()) {
      RunState state = saved.get().state();
      if (!state.network().equals(describe(network))) {
        throw new IOException(
            "cannot resume from %s: its checkpoint is of %s, but the run is of %s. Choose the network of before, or start a new run in another folder"
                .formatted(folder, state.network(), describe(network)));
      }
      List<String> changes = RunState.changes(state.recipe(), recipe);
      if (!changes.isEmpty()) {
        throw new IOException(
            "cannot resume from %s: the recipe has changed: %s. Resume with the recipe of before, or start a new run in another folder"
                .formatted(folder, String.join("; ", changes)));
      }
    }
    return saved;
  }

  /** {@return a network's name, its number of parameters, and its number of classes} */
  static String describe(Network network) {
    return "%s with %s classes".formatted(network, network.output().channels());
  }

  /** Waits until a file is on the disk, so that a power cut leaves a complete checkpoint, too. */
  private static void force(Path file) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.force(true);
    }
  }

  private static String checksum(Path file) throws IOException {
    CRC32C sum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      while (in.read(buffer) >= 0) {
        sum.update(buffer.flip());
        buffer.clear();
      }
    }
    return Long.toHexString(sum.getValue());
  }
}
