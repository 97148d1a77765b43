package io.github.pixelwise.evaluation;

import io.github.pixelwise.internal.util.Reason;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code images.jsonl} of a report, to which the result of each image is appended. A line
 * counts once it is complete with its line break, so that a crash costs no more than the line that
 * was being written. To be used by one thread at a time.
 */
final class Journal implements AutoCloseable {
  private static final String FILE = "images.jsonl";

  private final Path file;
  private final FileChannel out; // owned
  private final List<ImageResult> done;

  private Journal(Path file, FileChannel out, List<ImageResult> done) {
    this.file = file;
    this.out = out;
    this.done = done;
  }

  /** Starts a new journal; one that is there is replaced. The folder is made if it is missing. */
  static Journal create(Path folder, RunInfo info) throws IOException {
    Path file = folder.resolve(FILE);
    String header = JournalFormat.write(info);
    try {
      Files.createDirectories(folder);
      Journal journal = open(file, 0, List.of());
      try {
        journal.appendLine(header);
        return journal;
      } catch (IOException e) {
        journal.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IOException("cannot write " + Reason.withPath(file, e), e);
    }
  }

  /** Goes on with a journal; starts one if there is none, or not even its first line. */
  static Journal resume(Path folder, RunInfo info) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return create(folder, info);
    }
    Content content = Content.read(file);
    if (content.info == null) {
      return create(folder, info);
    }
    List<String> differences = content.info.differences(info);
    if (!differences.isEmpty()) {
      throw new IOException(
          ("cannot resume the evaluation in %s: it is another one (%s). Resume with the same data set,"
                  + " model and settings, or write the report to another folder")
              .formatted(folder, String.join("; ", differences)));
    }
    try {
      return open(file, content.length, List.copyOf(content.images));
    } catch (IOException e) {
      throw new IOException("cannot write " + Reason.withPath(file, e), e);
    }
  }

  /** Keeps the first bytes of the file, and appends to them. */
  private static Journal open(Path file, long length, List<ImageResult> done) throws IOException {
    FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      out.truncate(length).position(length);
      return new Journal(file, out, done);
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  /** Reads the report of a run that came to its end; its images are sorted by name. */
  static EvaluationReport read(Path folder, EmptyClasses rule) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new IOException(
          "%s is not the folder of a report: it has no %s".formatted(folder, FILE));
    }
    Content content = Content.read(file);
    int samples = content.info == null ? 0 : content.info.samples();
    if (content.info == null || content.images.size() != samples) {
      throw new IOException(
          "the report in %s has %d of %d photographs; resume its evaluation to finish it"
              .formatted(folder, content.images.size(), samples));
    }
    content.images.sort(Comparator.comparing(ImageResult::name));
    return new EvaluationReport(content.info, rule, content.images);
  }

  /** What the journal had when it was resumed. */
  List<ImageResult> done() {
    return done;
  }

  /** Writes a line through to the operating system; throws an {@link UncheckedIOException}. */
  void append(ImageResult result) {
    try {
      appendLine(JournalFormat.write(result));
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException("cannot write " + Reason.withPath(file, e), e));
    }
  }

  private void appendLine(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** The complete lines of a journal. */
  private static final class Content {
    private @Nullable RunInfo info;
    private final List<ImageResult> images = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long length;

    static Content read(Path file) throws IOException {
      Content content = new Content();
      int number = 1;
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
          if (next != '\n') {
            line.write(next);
            continue;
          }
          content.add(line.toString(StandardCharsets.UTF_8));
          content.length += line.size() + 1;
          line.reset();
          number++;
        }
      } catch (RuntimeException e) {
        throw new IOException(
            "cannot read %s, line %d: %s".formatted(file, number, Reason.firstLine(e)), e);
      } catch (IOException e) {
        throw new IOException("cannot read " + Reason.withPath(file, e), e);
      }
      return content;
    }

    private void add(String line) {
      if (info == null) {
        info = JournalFormat.readInfo(line);
        return;
      }
      ImageResult image = JournalFormat.readImage(line, info);
      if (!names.add(image.name())) {
        throw new IllegalArgumentException(
            "it has " + image.name() + " for the second time; delete one of the two lines");
      }
      images.add(image);
    }
  }
}
