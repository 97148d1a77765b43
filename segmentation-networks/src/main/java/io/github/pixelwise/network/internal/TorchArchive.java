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

/** A zip archive as PyTorch writes it: uncompressed, with aligned contents. */
public final class TorchArchive {
  /** Any name will do: PyTorch detects it. */
  private static final String FOLDER = "network/";

  /** The oldest version of the format, which has everything that is used here. */
  private static final String VERSION = "3\n";

  /** PyTorch's alignment, so that tensors can be used directly from a mapped file. */
  private static final int ALIGNMENT = 64;

  /** PyTorch's identifier of an extra field that holds padding, {@code FB}. */
  private static final short PADDING = 0x4246;

  private static final int LOCAL_HEADER = 30;
  private static final int EXTRA_HEADER = 4;

  /**
   * A constant, so that equal contents make equal files. It is not the earliest time zip can store:
   * to that one, Java would add a second time stamp, which depends on the time zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  /** Never closed, because the underlying stream must stay open. Its deflater is freed with it. */
  private final ZipOutputStream zip;

  private long position;

  /**
   * Starts an archive.
   *
   * @param out the stream; it stays open
   */
  public TorchArchive(OutputStream out) throws IOException {
    zip = new ZipOutputStream(out);
    add("version", VERSION);
  }

  /** Adds a text file. */
  public void add(String name, String content) throws IOException {
    add(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a file.
   *
   * @param name the file's name, in ASCII
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
