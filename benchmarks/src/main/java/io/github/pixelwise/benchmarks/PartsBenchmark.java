package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.PalettePng;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.postprocess.Compositing;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Everything around the network, part by part. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class PartsBenchmark {
  private static final int WHITE = 0xffffff;

  /** The photo's size. */
  @Param({"1920x1280", "4000x3000"})
  public String size = "1920x1280";

  /** The number of classes. */
  @Param({"21", "150"})
  public int classes = 21;

  private Scene scene;
  private Preprocessor preprocessor;

  /** Owned; only decodes. Closed by {@link #close}. */
  private Segmenter decoder;

  /**
   * Prepares the inputs of the parts.
   *
   * @throws IOException if the photo cannot be read
   */
  @Setup
  public void open() throws IOException {
    scene = Scene.of(size, classes);
    preprocessor = Preprocessor.from(scene.model().input());
    ModelInput input = preprocessor.prepare(scene.photo());
    // Other images come once, when it is opened.
    decoder =
        ScoresBackend.segmenter(
            scene.model(),
            image -> image.width() == scene.photo().width() ? input : preprocessor.prepare(image));
  }

  /** Closes what was opened. */
  @TearDown
  public void close() {
    decoder.close();
  }

  /** Resizing to a long edge of 512 and normalizing. */
  @Benchmark
  public ModelInput prepare() {
    return preprocessor.prepare(scene.photo());
  }

  /** From scores on a grid of stride 4 to a mask. */
  @Benchmark
  public CategoryMask decode() {
    return decoder.segment(scene.photo()).mask();
  }

  /** A mask's colors. */
  @Benchmark
  public RgbImage colorize() {
    return Coloring.colorize(scene.result());
  }

  /** A mask's colors over the photo. */
  @Benchmark
  public RgbImage overlay() {
    return Coloring.overlay(scene.photo(), scene.result(), 0.5);
  }

  /** A Gaussian of 7 x 7 over a foreground. */
  @Benchmark
  public AlphaMask feather() {
    return Alpha.feather(scene.hard(), Scene.BLUR);
  }

  /** A foreground with transparency. */
  @Benchmark
  public RgbaImage cutout() {
    return Compositing.cutout(scene.photo(), scene.soft());
  }

  /** A foreground on white. */
  @Benchmark
  public RgbImage composite() {
    return Compositing.over(scene.photo(), scene.soft(), WHITE);
  }

  /** A mask as PNG with a palette. */
  @Benchmark
  public void palettePng() throws IOException {
    PalettePng.write(scene.result(), OutputStream.nullOutputStream());
  }
}
