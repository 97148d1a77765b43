package io.github.pixelwise.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 hashes, which identify files. */
public final class Sha256 {
  private Sha256() {}

  /** The hash of a file's content, as 64 hexadecimal digits. */
  public static String of(Path file) throws IOException {
    return of(List.of(file));
  }

  /** The hash of several files' content, one after the other. */
  static String of(List<Path> files) throws IOException {
    MessageDigest digest = digest();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        update(digest, in);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of the rest of a stream, as 64 hexadecimal digits. */
  public static String of(InputStream in) throws IOException {
    MessageDigest digest = digest();
    update(digest, in);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, InputStream in) throws IOException {
    new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
  }

  /** A digest to be fed piece by piece. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
