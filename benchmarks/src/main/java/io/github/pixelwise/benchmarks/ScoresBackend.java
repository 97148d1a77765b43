package io.github.pixelwise.benchmarks;

import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Returns generated scores at once, for any number of classes, so that benchmarks measure
 * everything but the network. Each class has its own wave of scores with a few regions across the
 * picture, so that masks have borders like real ones.
 */
public final class ScoresBackend implements BackendProvider {
  private static final String NAME = "scores";
  private static final ModelFormat FORMAT = new ModelFormat(NAME);
  private static final int STRIDE = 4;

  /** Called by {@link java.util.ServiceLoader}. */
  public ScoresBackend() {}

  /** A model with a given number of classes, a long edge of 512, and a grid of stride 4. */
  static ModelCard model(int classes) throws IOException {
    Path file = Files.createDirectories(Main.results()).resolve("scores");
    Files.write(file, new byte[0]);
    InputSpec input =
        InputSpec.builder("image", SizeRule.longEdge(512).withMultiple(16, 0)).imageNet().build();
    List<String> names =
        IntStream.range(0, classes).mapToObj(i -> i == 0 ? "background" : "class " + i).toList();
    OutputSpec output = OutputSpec.logits("scores", STRIDE);
    return ModelCard.builder(NAME, input, output, LabelMap.of(names)).file(FORMAT, file).build();
  }

  static Segmenter segmenter(ModelCard model, Preprocessor preprocessor) {
    return Segmenter.builder().model(model).backend(NAME).preprocessor(preprocessor).open();
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Returns a priority below all engines. */
  @Override
  public int priority() {
    return -1000;
  }

  @Override
  public List<ModelFormat> formats() {
    return List.of(FORMAT);
  }

  @Override
  public Availability availability() {
    return Availability.of(NAME, "cpu");
  }

  @Override
  public InferenceSession open(BackendContext context) {
    return new Session(context.model().labels().size(), new ConcurrentHashMap<>());
  }

  private record Session(int classes, Map<String, FloatTensor> made) implements InferenceSession {
    @Override
    public FloatTensor run(FloatTensor input) {
      return made.computeIfAbsent(
          input.toString(), shape -> waves(input.side(3) / STRIDE, input.side(2) / STRIDE));
    }

    private FloatTensor waves(int width, int height) {
      Random random = new Random(1);
      float[] scores = new float[classes * width * height];
      for (int channel = 0, i = 0; channel < classes; channel++) {
        double across = random.nextGaussian() * 12 / width;
        double down = random.nextGaussian() * 12 / height;
        double phase = random.nextDouble() * 2 * Math.PI;
        // Most classes do not occur, some are in a corner, and a few dominate.
        double rarity = Math.abs(random.nextGaussian()) * 16;
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            scores[i++] = (float) (8 * Math.cos(across * x + down * y + phase) - rarity);
          }
        }
      }
      return FloatTensor.of(scores, 1, classes, height, width);
    }

    @Override
    public TensorInfo input() {
      return TensorInfo.of("image");
    }

    @Override
    public int maxBatch() {
      return 1;
    }

    @Override
    public boolean concurrent() {
      return true;
    }

    @Override
    public RuntimeInfo runtime() {
      return RuntimeInfo.of(NAME, NAME, Device.CPU, "there is no network");
    }

    @Override
    public void close() {
      made.clear();
    }
  }
}
