package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Compares a checkpoint with what its entry says, while it is read. For one thread. */
final class Verification {
  /** By how much a size may be off that is not known exactly. */
  private static final long SLACK = 1 << 20;

  private final ZooEntry entry;
  private final Object where;
  private final String advice;
  private final MessageDigest digest = Sha256.digest();
  private long done;

  /**
   * Begins.
   *
   * @param where where the checkpoint is read from, for messages
   * @param advice what to do if it is another one, as a sentence
   */
  Verification(ZooEntry entry, Object where, String advice) {
    this.entry = entry;
    this.where = where;
    this.advice = advice;
  }

  /** The bytes taken so far. */
  long done() {
    return done;
  }

  /** Takes the next bytes. */
  void add(byte[] bytes, int length) throws IOException {
    done += length;
    if (done > entry.size() + (entry.exact() ? 0 : SLACK)) {
      throw failure("it goes on after " + count(entry.size()), null);
    }
    digest.update(bytes, 0, length);
  }

  /** Compares a size, for example one that a server announces. */
  void requireSize(long size) throws IOException {
    if (Math.abs(size - entry.size()) > (entry.exact() ? 0 : SLACK)) {
      throw failure("it has " + count(size), null);
    }
  }

  /** Compares what was taken with size and hash. */
  void finish() throws IOException {
    requireSize(done);
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.startsWith(entry.sha256())) {
      throw failure("it has " + count(done) + " with the SHA-256 " + found, null);
    }
  }

  /** Says what is wrong with the checkpoint. */
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

  /** A number of bytes in words. */
  static String count(long bytes) {
    return String.format(Locale.ROOT, "%,d bytes", bytes);
  }
}
