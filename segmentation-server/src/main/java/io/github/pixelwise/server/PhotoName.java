package io.github.pixelwise.server;

/** The names of photos, as clients give them. */
final class PhotoName {
  static final String UNNAMED = "photo";

  private static final int LONGEST = 100;

  private PhotoName() {}

  /**
   * Takes what is safe as part of a file name: no folders, no suffix, and only letters, digits,
   * blanks, and {@code . _ - ( )}.
   */
  static String of(String fileName) {
    String name =
        fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
    int suffix = name.lastIndexOf('.');
    String stem = suffix > 0 ? name.substring(0, suffix) : name;
    String safe = stem.replaceAll("[^\\p{L}\\p{N} ._()-]", "_").replaceAll("^[. ]+|[. ]+$", "");
    int end = Math.min(safe.length(), LONGEST);
    if (end > 0 && Character.isHighSurrogate(safe.charAt(end - 1))) {
      end--;
    }
    return safe.isEmpty() ? UNNAMED : safe.substring(0, end);
  }
}
