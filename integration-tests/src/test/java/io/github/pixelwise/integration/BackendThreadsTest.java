package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eight threads share one segmenter while others are opened and closed. */
class BackendThreadsTest {
  private static final int THREADS = 8;

  private static final List<Path> PHOTOS =
      Stream.of("astronaut", "camera", "chelsea")
          .map(name -> Path.of("../examples/photos", name + ".png"))
          .toList();

  static List<String> backends() {
    return Catalog.load().backends().stream().map(BackendProvider::name).toList();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void computesTheSameMasksOnEightThreads(String backend) throws Exception {
    requireSameMasks(backend, 24);
  }

  @Tag("soak")
  @ParameterizedTest
  @MethodSource("backends")
  void computesTheSameMasksOfFiveHundredPhotosOnEightThreads(String backend) throws Exception {
    // PyTorch caches data for each thread and shape, so memory levels off late.
    requireSameMasks(backend, 600);
    long before = residentMegabytes();
    requireSameMasks(backend, 500);
    long after = residentMegabytes();
    System.out.printf(
        "%s: resident memory %d MB before, %d MB after 500 photos%n", backend, before, after);
    assertThat(after - before).isLessThan(100);
  }

  private static void requireSameMasks(String backend, int photographs) throws Exception {
    List<RgbImage> images = new ArrayList<>();
    for (Path photo : PHOTOS) {
      images.add(Images.read(photo));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    AtomicBoolean done = new AtomicBoolean();
    try (Segmenter segmenter = Segmenter.builder().backend(backend).open()) {
      List<CategoryMask> expected =
          images.stream().map(image -> segmenter.segment(image).mask()).toList();
      Future<Integer> others = threads.submit(() -> openAndClose(backend, done));
      List<Callable<CategoryMask>> calls = new ArrayList<>();
      for (int i = 0; i < photographs; i++) {
        RgbImage image = images.get(i % images.size());
        calls.add(() -> segmenter.segment(image).mask());
      }
      List<Future<CategoryMask>> masks = threads.invokeAll(calls);
      done.set(true);
      for (int i = 0; i < photographs; i++) {
        assertThat(masks.get(i).get()).isEqualTo(expected.get(i % expected.size()));
      }
      assertThat(others.get()).isPositive();
    } finally {
      done.set(true);
      threads.shutdown();
    }
  }

  /** Opens, uses, and closes segmenters until it should stop; returns how many. */
  private static int openAndClose(String backend, AtomicBoolean done) {
    int opened = 0;
    do {
      try (Segmenter other = Segmenter.builder().backend(backend).open()) {
        assertThat(other.segment(RgbImage.of(8, 8, new byte[192])).mask().width()).isEqualTo(8);
        opened++;
      }
    } while (!done.get());
    return opened;
  }

  private static long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .sum();
  }
}
