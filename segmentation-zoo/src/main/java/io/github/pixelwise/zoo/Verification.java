package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Compares a checkpoint with its entry while it is read. Not safe for use by several threads. */
final class Verification {
  /** The tolerance of a size that is not known exactly. */
  private static final long SLACK = 1 << 20;

  private final ZooEntry entry;
  private final Object where;
  private final String advice;
  private final MessageDigest digest = Sha256.digest();
  private long done;

  /**
   * Starts a verification.
   *
   * @param where the origin of the checkpoint, for messages
   * @param advice what to do if it does not match, as a sentence
   */
  Verification(ZooEntry entry, Object where, String advice) {
    this.entry = entry;
    this.where = where;
    this.advice = advice;
  }

  /** The number of bytes received so far. */
  long done() {
    return done;
  }

  /** Adds the next bytes. */
  void add(byte[] bytes, int length) throws IOException {
    done += length;
    if (done > entry.size() + (entry.exact() ? 0 : SLACK)) {
      throw failure("it has more than " + count(entry.size()), null);
    }
    digest.update(bytes, 0, length);
  }

  /** Compares a size, for example the one announced by a server. */
  void requireSize(long size) throws IOException {
    if (Math.abs(size - entry.size()) > (entry.exact() ? 0 : SLACK)) {
      throw failure("it has " + count(size), null);
    }
  }

  /** Compares the received bytes with size and hash. */
  void finish() throws IOException {
    requireSize(done);
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.startsWith(entry.sha256())) {
      throw failure("it has " + count(done) + " with the SHA-256 " + found, null);
    }
  }

  /** Returns the error for a checkpoint. */
  IOException failure(String found, @Nullable Throwable cause) {
    return new IOException(
        "cannot fetch %s from %s: %s; expected %s. %s"
            .formatted(entry.name(), where, found, expected(), advice),
        cause);
  }

  private String expected() {
    return entry.exact()
        ? count(entry.size()) + " with the SHA-256 " + entry.sha256()
        : "about %s with a SHA-256 that begins with %s"
            .formatted(entry.megabytes(), entry.sha256());
  }

  /** Formats a number of bytes. */
  static String count(long bytes) {
    return String.format(Locale.ROOT, "%,d bytes", bytes);
  }
}
