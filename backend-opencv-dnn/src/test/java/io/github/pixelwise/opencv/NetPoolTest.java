package io.github.pixelwise.opencv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetPoolTest {
  /** The width of every network that was imported, in order. */
  private final List<Integer> imports = Collections.synchronizedList(new ArrayList<>());

  private NetPool pool(int limit) throws IOException {
    try (InputStream in = MicroModel.class.getResourceAsStream("models/affine.onnx")) {
      OnnxFile file = new OnnxFile(ByteBuffer.wrap(in.readAllBytes()));
      return new NetPool(
          shape -> {
            imports.add(shape[3]);
            return SizedNet.load(file, shape);
          },
          limit);
    }
  }

  private static void run(NetPool pool, int width) throws IOException {
    FloatTensor input = MicroModel.AFFINE.input(width, 1, width, 5);
    assertThat(pool.run(input, "out")).isEqualTo(MicroModel.AFFINE.expected(input));
  }

  @Test
  void aShapeIsImportedOnceWhileThereIsRoom() throws IOException {
    try (NetPool pool = pool(3)) {
      for (int width : new int[] {4, 5, 6, 6, 5, 4}) {
        run(pool, width);
      }
    }
    assertThat(imports).containsExactly(4, 5, 6);
  }

  @Test
  void theLeastRecentlyUsedIsDropped() throws IOException {
    try (NetPool pool = pool(2)) {
      for (int width : new int[] {4, 5, 4, 6, 4, 5}) {
        run(pool, width);
      }
    }
    assertThat(imports).containsExactly(4, 5, 6, 5);
  }

  @Test
  void callersWaitWhereAllAreInUse() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (NetPool pool = pool(2)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(
            threads.submit(
                () -> {
                  for (int run = 0; run < 50; run++) {
                    run(pool, 64);
                  }
                  return null;
                }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(imports).hasSizeBetween(1, 2).containsOnly(64);
  }

  @ParameterizedTest
  @CsvSource({
    "8_000_000, 1, 4",
    "8_000_000, 6, 6",
    "8_000_000, 64, 8",
    "168_000_000, 8, 2",
    "900_000_000, 8, 2"
  })
  void theLimitFollowsCoresAndMemory(String fileSize, int cores, int limit) {
    assertThat(NetPool.limit(Long.parseLong(fileSize.replace("_", "")), cores)).isEqualTo(limit);
  }

  @Test
  void failuresTakeNoRoom() throws IOException {
    FloatTensor wrong = FloatTensor.of(new float[4], 1, 1, 2, 2);
    try (NetPool pool = pool(1)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> pool.run(wrong, "out")).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> pool.run(MicroModel.AFFINE.input(1, 1, 4, 5), "no-such-output"))
            .isInstanceOf(RuntimeException.class);
      }
      run(pool, 4);
      run(pool, 4);
    }
    assertThat(imports).containsExactly(2, 4, 2, 4, 2, 4, 4);
  }
}
