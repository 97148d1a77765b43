package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything is read back by the JDK's Inflater. */
class DeflateTest {
  private static final int[] SIZES = {0, 1, 2, 7, 8, 9, 10, 257, 258, 259, 268, 1000, 150_000};

  private static byte[] bytes(int size, IntUnaryOperator value) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) value.applyAsInt(i);
    }
    return bytes;
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] inflate(byte[] deflated, boolean whole) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    inflater.setInput(deflated);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] part = new byte[1 << 16];
    for (int length; (length = inflater.inflate(part)) > 0; ) {
      out.write(part, 0, length);
    }
    assertThat(inflater.finished()).isEqualTo(whole);
    assertThat(inflater.getRemaining()).isZero();
    inflater.end();
    return out.toByteArray();
  }

  /** Compresses, and checks that what is read back is the same. */
  private static int compress(int stride, byte[] bytes) throws DataFormatException {
    byte[] deflated = new Deflate(new MatchFinder(stride)).deflate(bytes, bytes.length, true);
    assertThat(inflate(deflated, true)).isEqualTo(bytes);
    return deflated.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void bytesOfEverySizeAreReadBack(int stride) throws DataFormatException {
    for (int size : SIZES) {
      assertThat(compress(stride, noise(size))).isLessThan(size * 101 / 100 + 256);
      compress(stride, new byte[size]);
      compress(stride, bytes(size, i -> 0xff));
      compress(stride, bytes(size, i -> i));
      compress(stride, bytes(size, i -> i % 3));
      compress(stride, bytes(size, i -> i / 5 % 7 * (i % 2)));
      Random random = new Random(size);
      compress(stride, bytes(size, i -> (int) (random.nextGaussian() * 3))); // as photographs are
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void runsAreShort(int stride) throws DataFormatException {
    // 388 matches of 258 bytes, a bit for each length and each distance.
    assertThat(compress(stride, new byte[100_000])).isLessThan(388 * 2 / 8 + 40);
  }

  /** Each length of a match, and each of a run of literals. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void matchesOfEveryLengthAreReadBack(int stride) throws DataFormatException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Random random = new Random(2);
    for (int length = 1; length <= 300; length++) {
      byte[] part = bytes(length, i -> random.nextInt());
      out.writeBytes(part);
      out.writeBytes(part);
      out.writeBytes(new byte[length]);
    }
    compress(stride, out.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 15, 100, 257, 1000, 1024, 1025})
  void periodsAreShort(int length) throws DataFormatException {
    byte[] period = noise(length);

    assertThat(compress(1, bytes(9000, i -> period[i % length]))).isLessThan(length + 350);
  }

  @ParameterizedTest
  @ValueSource(ints = {600, 1024, 1025, 16384, 16385, 32767, 32768, 32769, 40000, 100_000})
  void whatCameBeforeIsFoundAsFarBackAsTheFormatAllows(int distance) throws DataFormatException {
    byte[] part = noise(500);
    byte[] bytes = Arrays.copyOf(part, distance + part.length); // runs of zeros between
    System.arraycopy(part, 0, bytes, distance, part.length);

    if (distance <= 32768) {
      assertThat(compress(1, bytes)).isLessThan(900);
    } else {
      assertThat(compress(1, bytes)).isGreaterThan(1000);
    }
  }

  /** 24 values, each as frequent as the two before together. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void codesThatWouldBeTooLongAreReadBack(int stride) throws DataFormatException {
    byte[] bytes = new byte[121_392];
    int size = 0;
    for (int value = 0, count = 1, next = 1; value < 24; value++) {
      Arrays.fill(bytes, size, size + count, (byte) (value * 10));
      size += count;
      next += count;
      count = next - count;
    }
    assertThat(size).isEqualTo(bytes.length);
    Random random = new Random(5);
    for (int i = size - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      byte swapped = bytes[i];
      bytes[i] = bytes[other];
      bytes[other] = swapped;
    }
    compress(stride, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void partsFollowEachOtherInOneStream(int stride) throws DataFormatException {
    Deflate deflate = new Deflate(new MatchFinder(stride));
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size : SIZES) {
      byte[] bytes = bytes(size, i -> i * i / 50);
      all.writeBytes(bytes);
      byte[] part = deflate.deflate(bytes, size, false);
      assertThat(inflate(part, false)).isEqualTo(bytes);
      assertThat(new Deflate(new MatchFinder(stride)).deflate(bytes, size, false)).isEqualTo(part);
      parts.writeBytes(part);
    }
    parts.writeBytes(deflate.deflate(new byte[0], 0, true));

    assertThat(inflate(parts.toByteArray(), true)).isEqualTo(all.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void onlyTheFirstBytesAreLookedAt(int stride) throws DataFormatException {
    byte[] bytes = bytes(1000, i -> i < 500 ? 7 : 8);
    byte[] deflated = new Deflate(new MatchFinder(stride)).deflate(bytes, 493, true);

    assertThat(inflate(deflated, true)).isEqualTo(Arrays.copyOf(bytes, 493));
  }
}
