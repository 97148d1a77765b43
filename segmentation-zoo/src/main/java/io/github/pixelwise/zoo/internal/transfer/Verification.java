package io.github.pixelwise.zoo.internal.transfer;

import io.github.pixelwise.zoo.FetchProgress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Compares a file with what is expected while it is read. Not safe for use by several threads. */
public final class Verification implements Http.Failure {
  private final String name;
  private final Expected expected;
  private final Object where;
  private final String advice;
  private final String adviceIfBroken;
  private MessageDigest digest;
  private long done;

  /**
   * Starts a verification.
   *
   * @param name what is fetched, for messages
   * @param where the origin of the file, for messages
   * @param advice what to do if it does not match, as a sentence
   */
  public Verification(String name, Expected expected, Object where, String advice) {
    this(name, expected, where, advice, advice);
  }

  /**
   * Starts a verification.
   *
   * @param name what is fetched, for messages
   * @param where the origin of the file, for messages
   * @param advice what to do if it does not match, as a sentence
   * @param adviceIfBroken what to do if the connection breaks, as a sentence
   */
  public Verification(
      String name, Expected expected, Object where, String advice, String adviceIfBroken) {
    this.name = name;
    this.expected = expected;
    this.where = where;
    this.advice = advice;
    this.adviceIfBroken = adviceIfBroken;
    this.digest = expected.digest();
  }

  /** What is expected. */
  Expected expected() {
    return expected;
  }

  /** The number of bytes received so far. */
  long done() {
    return done;
  }

  /** Starts again with the first byte. */
  void restart() {
    digest = expected.digest();
    done = 0;
  }

  /** Adds the next bytes. */
  void add(byte[] bytes, int length) throws IOException {
    done += length;
    if (done > expected.size() + expected.slack()) {
      throw of("it has more than " + count(expected.size()), null);
    }
    digest.update(bytes, 0, length);
  }

  /** Adds a file's content. */
  public void addAll(Path file, FetchProgress progress) throws IOException {
    OptionalLong size = OptionalLong.of(Files.size(file));
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int length; (length = in.read(buffer)) >= 0; ) {
        add(buffer, length);
        progress.at(FetchProgress.Phase.CHECKING, done, size);
      }
    }
  }

  /** Compares a size, for example the one announced by a server. */
  public void requireSize(long size) throws IOException {
    if (!expected.allows(size)) {
      throw of("it has " + count(size), null);
    }
  }

  /** Compares the received bytes with size and hash. */
  public void finish() throws IOException {
    requireSize(done);
    Optional<IOException> other = otherHash();
    if (other.isPresent()) {
      throw other.get();
    }
  }

  /** Compares the hash of the received bytes, and returns the error if it is another. */
  Optional<IOException> otherHash() {
    String found = HexFormat.of().formatHex(digest.digest());
    return found.startsWith(expected.hash())
        ? Optional.empty()
        : Optional.of(
            of("it has " + count(done) + " with the " + expected.kind() + " " + found, null));
  }

  /** Returns the error for a file. */
  @Override
  public IOException of(String found, @Nullable Throwable cause) {
    return failure(found, advice, cause);
  }

  @Override
  public IOException broken(String found, Throwable cause) {
    return failure(found, adviceIfBroken, cause);
  }

  private IOException failure(String found, String todo, @Nullable Throwable cause) {
    return new IOException(
        "cannot fetch %s from %s: %s; expected %s. %s"
            .formatted(name, where, found, expected, todo),
        cause);
  }

  /** Formats a number of bytes. */
  public static String count(long bytes) {
    return String.format(Locale.ROOT, "%,d bytes", bytes);
  }
}
