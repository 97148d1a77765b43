package io.github.pixelwise.network.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip archive as PyTorch writes them: nothing compressed, and contents aligned. */
public final class TorchArchive {
  /** PyTorch finds the folder's name by itself. */
  private static final String FOLDER = "network/";

  /** Of the format, the oldest: all that is used here means the same in it. */
  private static final String VERSION = "3\n";

  /** PyTorch's alignment, so that tensors can be used where they lie in a mapped file. */
  private static final int ALIGNMENT = 64;

  /** PyTorch's identifier of an extra field that holds padding, {@code FB}. */
  private static final short PADDING = 0x4246;

  private static final int LOCAL_HEADER = 30;
  private static final int EXTRA_HEADER = 4;

  /**
   * Always the same, so that equal contents make equal files. To the very first time that zip can
   * tell, Java would add another one, which depends on the time zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  /** Not closed, as the stream below stays open; what it has for compressing goes with it. */
  private final ZipOutputStream zip;

  private long position;

  /**
   * Begins an archive.
   *
   * @param out stays open
   */
  public TorchArchive(OutputStream out) throws IOException {
    zip = new ZipOutputStream(out);
    add("version", VERSION);
  }

  /** Adds a file of text. */
  public void add(String name, String content) throws IOException {
    add(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a file.
   *
   * @param name of ASCII characters
   */
  public void add(String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(FOLDER + name);
    CRC32 sum = new CRC32();
    sum.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(sum.getValue());
    entry.setTimeLocal(TIME);
    long start = position + LOCAL_HEADER + entry.getName().length() + EXTRA_HEADER;
    int padding = Math.floorMod(-start, ALIGNMENT);
    entry.setExtra(
        ByteBuffer.allocate(EXTRA_HEADER + padding)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort(PADDING)
            .putShort((short) padding)
            .array());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
    position = start + padding + content.length;
  }

  /** Writes the directory. */
  public void finish() throws IOException {
    zip.finish();
  }
}
