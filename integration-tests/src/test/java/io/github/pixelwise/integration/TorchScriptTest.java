package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.network.convert.Scores;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A network with every operation, written as TorchScript, computes the same as PyTorch. The outputs
 * and the network in Python are in torchscript_golden.py.
 */
class TorchScriptTest {
  private static final int[] INPUT = {2, 3, 9, 17};

  @TempDir private Path folder;

  /** PyTorch's results. */
  private static FloatTensor golden(String name) throws IOException {
    return GoldenTensors.read(
        Path.of("src/test/resources/io/github/pixelwise/integration/torchscript-golden.txt"), name);
  }

  /** The network, with its scores upsampled to the input's size. */
  private static Layer upsampledScores() {
    SizeRule size = SizeRule.longEdge(97).withMultiple(8, 1);
    Layer image = Layer.input(3, InputSpec.builder("image", size).build());
    Layer stem = image.convolution("stem", 8, Kernel.of(3).stride(2)).batchNorm("stem.norm").relu();
    Layer deep =
        stem.depthwise("depthwise", Kernel.of(3).dilation(2).withBias())
            .batchNorm("depthwise.norm")
            .activation(Operation.Activation.RELU6);
    Layer block = deep.convolution("pointwise", 8, Kernel.of(1).groups(2)).plus(stem);
    Layer alone = block.batchNorm("alone").relu();
    Layer largest = block.maxPool(3, 2, 1);
    Layer mean = alone.averagePool(3, 2, 1);
    Layer gate =
        largest
            .globalAveragePool()
            .convolution("squeeze", 4, Kernel.of(1).withBias())
            .relu()
            .convolution("excite", 8, Kernel.of(1).withBias())
            .activation(Operation.Activation.HARD_SIGMOID);
    Layer gated = largest.times(gate).activation(Operation.Activation.HARD_SWISH);
    Layer shifted = gated.upsample(2, GridAlignment.HALF_PIXEL).maxPool(2, 1, 0);
    Layer both = Layer.concatenate(gated, mean);
    Kernel twofold = Kernel.of(3).stride(2).withBias();
    Layer up = both.transposedConvolution("up", 6, twofold).activation(Operation.Activation.ELU);
    Layer node =
        both.globalAveragePool().convolution("pool", 6, Kernel.of(1)).batchNorm("pool.norm").relu();
    Layer joined =
        Layer.concatenate(
            up,
            node.upsampleTo(up, GridAlignment.HALF_PIXEL),
            block.activation(Operation.Activation.SIGMOID),
            gated.upsampleTo(up, GridAlignment.ALIGNED_CORNERS).plus(shifted));
    return joined
        .convolution("scores", 5, Kernel.of(1))
        .upsampleTo(image, GridAlignment.HALF_PIXEL);
  }

  /** Numbers from -0.5 to 0.5, derived from a name. */
  private static float[] numbers(String name, long count, double factor, double summand) {
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    float[] numbers = new float[Math.toIntExact(count)];
    for (int i = 0; i < numbers.length; i++) {
      long step = (sum.getValue() + i * 2654435761L & 0xffffffffL) >>> 16;
      numbers[i] = (float) ((step / 65536.0 - 0.5) * factor + summand);
    }
    return numbers;
  }

  private record FormulaTensor(Parameter parameter) implements WeightTensor {
    @Override
    public List<Integer> shape() {
      return parameter.shape();
    }

    @Override
    public String type() {
      return "float32";
    }

    @Override
    public float[] values() {
      String name = parameter.name();
      int fan = shape().stream().skip(1).reduce(1, Math::multiplyExact);
      boolean ofConvolution = shape().size() == 4;
      boolean aroundOne = name.endsWith(".running_var") || name.endsWith(".weight");
      return ofConvolution
          ? numbers(name, parameter.size(), 4 / Math.sqrt(fan), 0)
          : numbers(name, parameter.size(), 1, aroundOne ? 1 : 0);
    }
  }

  private FloatTensor run(Layer output, Scores scores, Precision precision) throws IOException {
    Network network = Network.of("every-operation", output);
    Map<String, FormulaTensor> tensors =
        network.parameters().stream()
            .collect(Collectors.toMap(Parameter::name, FormulaTensor::new));
    ModelCard model =
        Conversion.of(network, Weights.of(network, tensors))
            .scores(scores)
            .precision(precision)
            .formats(ModelFormat.TORCHSCRIPT)
            .write(folder);
    int count = Arrays.stream(INPUT).reduce(1, Math::multiplyExact);
    BackendProvider djl =
        Catalog.load().backends().stream()
            .filter(backend -> backend.name().equals("djl"))
            .findFirst()
            .orElseThrow();
    Path file = folder.resolve("every-operation.pt");
    try (InferenceSession session =
        djl.open(BackendContext.builder(djl, model, ModelFormat.TORCHSCRIPT, file).build())) {
      return session.run(FloatTensor.of(numbers("image", count, 10, 0), INPUT));
    }
  }

  /**
   * @param tolerance as a share of the range of numbers
   */
  private static void requireEqual(FloatTensor output, FloatTensor golden, double tolerance) {
    float[] expected = golden.toFloatArray();
    float[] sorted = expected.clone();
    Arrays.sort(sorted);
    float range = sorted[sorted.length - 1] - sorted[0];
    assertThat(output.shape()).containsExactly(golden.shape());
    assertThat(output.toFloatArray())
        .containsExactly(expected, offset((float) (tolerance * range)));
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 1e-5", "FLOAT16, 1e-3", "BFLOAT16, 2e-2"})
  void computesPyTorchsScores(Precision precision, double tolerance) throws IOException {
    Layer network = upsampledScores();

    requireEqual(run(network, Scores.GRID, precision), golden("grid"), tolerance);
    requireEqual(run(network, Scores.INPUT, precision), golden("input"), tolerance);
  }

  @Test
  void computesPyTorchsCategories() throws IOException {
    FloatTensor output = run(upsampledScores(), Scores.CATEGORIES, Precision.FLOAT32);

    requireEqual(output, golden("categories"), 0);
  }

  @Test
  void computesPyTorchsProbabilities() throws IOException {
    Layer probabilities = upsampledScores().inputs().get(0).softmax();

    FloatTensor output = run(probabilities, Scores.GRID, Precision.FLOAT32);

    requireEqual(output, golden("probabilities"), 1e-5);
  }
}
