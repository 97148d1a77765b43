package io.github.pixelwise.zoo.internal.transfer;

import io.github.pixelwise.internal.file.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * What is known of a file before it is downloaded.
 *
 * @param size its size in bytes
 * @param slack how far off the size may be
 * @param kind the kind of its hash
 * @param hash its hash, or the first digits, in lowercase hexadecimal
 */
public record Expected(long size, long slack, Kind kind, String hash) {
  /** A kind of hash. */
  public enum Kind {
    /** SHA-256. */
    SHA256("SHA-256"),
    /** Git's own: SHA-1 of the word "blob", the size, a zero byte and the content. */
    GIT("Git hash");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  /** A file whose size and full hash are known. */
  public static Expected exactly(long size, Kind kind, String hash) {
    return new Expected(size, 0, kind, hash);
  }

  /** Whether a size is as expected. */
  boolean allows(long found) {
    return Math.abs(found - size) <= slack;
  }

  /** A new digest to be fed with the content. */
  MessageDigest digest() {
    if (kind == Kind.SHA256) {
      return Sha256.digest();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  @Override
  public String toString() {
    return slack == 0
        ? Verification.count(size) + " with the " + kind + " " + hash
        : String.format(
            Locale.ROOT, "about %.1f MB with a %s that begins with %s", size / 1e6, kind, hash);
  }
}
