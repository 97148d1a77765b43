package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a zip archive, and writes into one. */
final class ZipBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(out);

  ZipBytes stored(String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return put(entry, content);
  }

  ZipBytes deflated(String name, byte[] content) throws IOException {
    return put(new ZipEntry(name), content);
  }

  private ZipBytes put(ZipEntry entry, byte[] content) throws IOException {
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
    return this;
  }

  byte[] bytes() throws IOException {
    zip.close();
    return out.toByteArray();
  }

  /** Replaces a text wherever it is by another of the same length. */
  static byte[] replace(byte[] archive, String text, String by) {
    return new String(archive, ISO_8859_1).replace(text, by).getBytes(ISO_8859_1);
  }

  /** Where the entry's header in the directory begins: the last place that has the name. */
  static int header(byte[] archive, String name) {
    return new String(archive, ISO_8859_1).lastIndexOf(name) - 46;
  }

  /** Replaces a little-endian number of 32 bits. */
  static byte[] putInt(byte[] archive, int at, int value) {
    byte[] changed = archive.clone();
    ByteBuffer.wrap(changed).putInt(at, Integer.reverseBytes(value));
    return changed;
  }
}
