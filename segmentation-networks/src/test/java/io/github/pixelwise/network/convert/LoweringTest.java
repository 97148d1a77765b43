package io.github.pixelwise.network.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.TensorOperation;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the programs compute the same: LoweredNetworkTest of the integration tests. */
class LoweringTest {
  private static final SizeRule FREE = SizeRule.longEdge(512);
  private static final SizeRule MULTIPLES = SizeRule.longEdge(512).withMultiple(32, 0);
  private static final int CLASSES = 3;

  private final Layer image = Layer.input(3, InputSpec.builder("image", FREE).build());
  private final Layer stem = image.convolution("stem", 2, Kernel.of(3).stride(2).withBias());

  private static Program program(Layer output) {
    return program(Network.of("tiny", output), Scores.GRID);
  }

  private static Program program(Network network, Scores scores) {
    return Lowering.of(network, Numbers.weights(network), scores);
  }

  private static Program program(String network, SizeRule size) {
    NetworkOptions options = NetworkOptions.ofClasses(CLASSES).withWidth(1 / 32.0).withSize(size);
    return program(Networks.of(network, options), Scores.GRID);
  }

  /** What the steps compute, in their order. */
  private static List<String> operations(Program program) {
    return program.steps().stream()
        .map(Step::operation)
        .map(o -> o instanceof Enum<?> function ? function.name() : o.getClass().getSimpleName())
        .toList();
  }

  private static Step producer(Program program, String result) {
    return program.steps().stream()
        .filter(step -> step.result().equals(result))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void batchNormGoesIntoTheConvolution() {
    Program program = program(stem.batchNorm("norm").relu());

    assertThat(operations(program)).containsExactly("Convolution", "RELU");
    assertThat(program.constants())
        .extracting(Constant::name)
        .containsExactly("stem.weight", "stem.bias");
    assertThat(program.output().name()).isEqualTo("scores");
    assertThat(program.steps().get(1).result()).isEqualTo("scores");
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void theFactorsAreThoseOfTheOutputsChannels(boolean transposed) {
    Kernel kernel = Kernel.of(1);
    Layer convolved =
        transposed
            ? image.transposedConvolution("stem", 2, kernel)
            : image.convolution("stem", 2, kernel);
    Network network = Network.of("tiny", convolved.batchNorm("norm", 0));
    Map<String, WeightTensor> tensors = new HashMap<>();
    List<Integer> shape = transposed ? List.of(3, 2, 1, 1) : List.of(2, 3, 1, 1);
    tensors.put("stem.weight", Numbers.of(shape, 1, 2, 3, 4, 5, 6));
    tensors.put("norm.weight", Numbers.of(List.of(2), 10, 300));
    tensors.put("norm.bias", Numbers.of(List.of(2), 7, 8));
    tensors.put("norm.running_mean", Numbers.of(List.of(2), 0.5f, -1));
    tensors.put("norm.running_var", Numbers.of(List.of(2), 4, 9));

    Program program = Lowering.of(network, Weights.of(network, tensors), Scores.GRID);

    float[] expected =
        transposed
            ? new float[] {5, 200, 15, 400, 25, 600}
            : new float[] {5, 10, 15, 400, 500, 600};
    assertThat(program.constants().get(0).values().get()).containsExactly(expected, offset(1e-4f));
    assertThat(program.constants().get(1).values().get())
        .containsExactly(new float[] {4.5f, 108}, offset(1e-4f));
  }

  @Test
  void batchNormThatFollowsNoConvolutionWeighsEachChannel() {
    Program program = program(stem.relu().batchNorm("norm"));

    assertThat(operations(program)).containsExactly("Convolution", "RELU", "Convolution");
    assertThat(program.steps().get(2).operation())
        .isEqualTo(new Operation.Convolution(2, Kernel.of(1).groups(2).withBias()));
  }

  @Test
  void aConvolutionThatIsUsedOtherwiseTooKeepsItsWeights() {
    Network network = Network.of("tiny", stem.batchNorm("norm").plus(stem));
    Weights weights = Numbers.weights(network);

    Program program = Lowering.of(network, weights, Scores.GRID);

    assertThat(operations(program)).containsExactly("Convolution", "Convolution", "Add");
    assertThat(program.constants().get(0).values().get())
        .containsExactly(weights.values("stem.weight"));
  }

  @Test
  void whatOnlyAnAuxiliaryOutputNeedsIsLeftOut() {
    Network network =
        Network.of("tiny", stem.relu())
            .withAuxiliary(stem.convolution("auxiliary", 2, Kernel.of(1)));

    assertThat(operations(program(network, Scores.GRID))).containsExactly("Convolution", "RELU");
  }

  @ParameterizedTest
  @CsvSource({"deeplabv3-resnet50, 4", "deeplabv3-mobilenet-v3-large, 4"})
  void thePooledBranchIsConvolvedAsOneNodeAndAdded(String network, int grids) {
    Program program = program(network, FREE);
    Step sum =
        program.steps().stream()
            .filter(
                step ->
                    step.operation() instanceof TensorOperation.Add
                        && producer(program, step.inputs().get(1)).operation()
                            instanceof Operation.Convolution convolution
                        && !convolution.kernel().bias())
            .reduce((first, second) -> second)
            .orElseThrow();
    Step grid = producer(program, sum.inputs().get(0));
    Step node = producer(program, sum.inputs().get(1));

    Step joined = producer(program, grid.inputs().get(0));
    assertThat(joined.operation()).isInstanceOf(TensorOperation.Concatenate.class);
    assertThat(joined.inputs()).hasSize(grids);
    assertThat(grid.constants().get(0).name()).isEqualTo("classifier.0.project.0.weight");
    assertThat(node.constants().get(0).name()).startsWith("classifier.0.project.0.weight.");
    int columns = grid.constants().get(0).shape().get(1);
    assertThat(node.constants().get(0).shape().get(1)).isEqualTo(columns / grids);
    // The scores are up-sampled by decoding.
    assertThat(operations(program)).doesNotContain("Upsample");
  }

  @Test
  void aNodeRepeatedTwiceIsAddedTwiceWithWeightsOfItsOwn() {
    Layer node = stem.globalAveragePool().upsampleTo(stem, GridAlignment.HALF_PIXEL);
    Network network =
        Network.of("tiny", Layer.concatenate(node, stem, node).convolution("mix", 2, Kernel.of(1)));
    Map<String, WeightTensor> tensors = Numbers.of(network, 1);
    tensors.put(
        "mix.weight", Numbers.of(List.of(2, 6, 1, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));

    Program program = Lowering.of(network, Weights.of(network, tensors), Scores.GRID);

    assertThat(operations(program))
        .containsExactly(
            "Convolution",
            "Convolution",
            "GlobalAveragePool",
            "Convolution",
            "Add",
            "Convolution",
            "Add");
    assertThat(program.constants().stream().filter(c -> c.name().startsWith("mix")))
        .extracting(constant -> List.of(constant.values().get()[0], constant.values().get()[1]))
        .containsExactly(List.of(3f, 4f), List.of(1f, 2f), List.of(5f, 6f));
  }

  @Test
  void theScoresOfLrasppAreComputedBeforeUpSampling() {
    Program program = program("lraspp-mobilenet-v3-large", FREE);
    List<Step> upsamplings =
        program.steps().stream()
            .filter(step -> step.operation() instanceof Operation.Upsample)
            .toList();

    assertThat(upsamplings).hasSize(1);
    Step before = producer(program, upsamplings.get(0).inputs().get(0));
    assertThat(((Operation.Convolution) before.operation()).channels()).isEqualTo(CLASSES);
  }

  @Test
  void aConvolutionToMoreChannelsStaysAfterUpSampling() {
    Layer large = stem.upsampleTo(image, GridAlignment.HALF_PIXEL);

    assertThat(operations(program(large.convolution("more", 5, Kernel.of(1)))))
        .containsExactly("Convolution", "Upsample", "Convolution");
    assertThat(operations(program(large.convolution("less", 1, Kernel.of(1)).batchNorm("norm"))))
        .startsWith("Convolution", "Convolution", "Upsample");
    assertThat(operations(program(large.convolution("wide", 1, Kernel.of(3)))))
        .startsWith("Convolution", "Upsample", "Convolution");
  }

  @Test
  void aSingleChannelGetsOneOfZerosBeforeIt() {
    Program program = program(stem.convolution("one", 1, Kernel.of(1)));

    Step last = program.steps().get(program.steps().size() - 1);
    assertThat(program.classes()).isEqualTo(2);
    assertThat(last.result()).isEqualTo("scores");
    assertThat(last.constants().get(0).values().get()).containsExactly(0, 1);
    assertThat(producer(program, last.inputs().get(0)).constants().get(0).name())
        .isEqualTo("one.weight");
  }

  @Test
  void upSamplingHasAFactorWhereItIsTheSameForAllSizes() {
    Operation.Upsample multiples = upsampling(program("lraspp-mobilenet-v3-large", MULTIPLES));
    Operation.Upsample free = upsampling(program("lraspp-mobilenet-v3-large", FREE));
    Operation.Upsample fixed =
        upsampling(program("lraspp-mobilenet-v3-large", SizeRule.fixed(305, 65)));

    assertThat(multiples.factor()).isEqualTo(OptionalInt.of(2));
    assertThat(free.factor()).isEmpty();
    assertThat(fixed.factor()).isEmpty();
  }

  private static Operation.Upsample upsampling(Program program) {
    return program.steps().stream()
        .map(Step::operation)
        .filter(Operation.Upsample.class::isInstance)
        .map(Operation.Upsample.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shapesAreKnownForOneSizeAlone() {
    Program fixed = program("lraspp-mobilenet-v3-large", SizeRule.fixed(305, 65));

    assertThat(program("lraspp-mobilenet-v3-large", FREE).shapes()).isEmpty();
    assertThat(fixed.shapes().get("scores")).hasToString(CLASSES + " x 9 x 39");
  }

  @Test
  void theGridIsThatBeforeUpSamplingToTheInputsSize() {
    Network network = Network.of("tiny", stem.upsampleTo(image, GridAlignment.ALIGNED_CORNERS));
    Program grid = program(network, Scores.GRID);
    Program input = program(network, Scores.INPUT);
    Program categories = program(network, Scores.CATEGORIES);

    assertThat(operations(grid)).containsExactly("Convolution");
    assertThat(grid.output().stride()).isEqualTo(2);
    assertThat(grid.output().alignment()).isEqualTo(GridAlignment.ALIGNED_CORNERS);
    assertThat(operations(input)).containsExactly("Convolution", "Upsample");
    assertThat(input.output().stride()).isEqualTo(1);
    assertThat(operations(categories)).containsExactly("Convolution", "Upsample", "ArgMax");
    assertThat(categories.output().kind()).isEqualTo(OutputKind.CATEGORIES);
    assertThat(categories.output().name()).isEqualTo("categories");
  }

  @Test
  void upSamplingStaysWhereTheGridHasNoStride() {
    Layer grid = image.convolution("patches", 2, Kernel.of(4).stride(4).padding(0));

    Program program = program(grid.upsampleTo(image, GridAlignment.HALF_PIXEL));

    assertThat(operations(program)).containsExactly("Convolution", "Upsample");
    assertThat(program.output().stride()).isEqualTo(1);
  }

  @Test
  void upSamplingToASmallerGridStays() {
    Layer small = stem.maxPool(2, 2, 0).upsampleTo(stem, GridAlignment.HALF_PIXEL);

    Program program = program(small);

    assertThat(operations(program)).containsExactly("Convolution", "MaxPool", "Upsample");
    assertThat(program.output().stride()).isEqualTo(2);
  }

  @Test
  void argMaxGivesCategoriesOfTheScoresBeforeIt() {
    Layer scores = stem.convolution("scores", CLASSES, Kernel.of(1));

    Program program = program(scores.upsampleTo(image, GridAlignment.HALF_PIXEL).argMax());

    assertThat(operations(program))
        .containsExactly("Convolution", "Convolution", "Upsample", "ArgMax");
    assertThat(program.output().kind()).isEqualTo(OutputKind.CATEGORIES);
    assertThat(program.output().stride()).isEqualTo(1);
    assertThat(program.classes()).isEqualTo(CLASSES);
  }

  @Test
  void softmaxGivesProbabilities() {
    Program program = program(stem.softmax());

    assertThat(program.output().kind()).isEqualTo(OutputKind.PROBABILITIES);
    assertThat(program.output().name()).isEqualTo("probabilities");
  }

  /** Without that, its linear layers and their fusion would all work on the finest grid. */
  @Test
  void segFormersStagesAreConvolvedOnceEachBeforeTheyAreUpsampled() {
    Program program = program("segformer-b0", MULTIPLES);

    assertThat(program.constants())
        .extracting(Constant::name)
        .filteredOn(name -> name.startsWith("decode_head."))
        .containsExactlyInAnyOrder(
            "decode_head.linear_fuse.weight.0",
            "decode_head.linear_fuse.bias.0",
            "decode_head.linear_fuse.weight.8",
            "decode_head.linear_fuse.bias.8",
            "decode_head.linear_fuse.weight.16",
            "decode_head.linear_fuse.bias.16",
            "decode_head.linear_fuse.weight.24",
            "decode_head.linear_fuse.bias.24",
            "decode_head.classifier.weight",
            "decode_head.classifier.bias");
    assertThat(operations(program)).doesNotContain("Concatenate", "Linear", "BatchNorm");
  }

  @Test
  void aLayerScaleGoesIntoTheLinearLayer() {
    Program program = program(image.linear("linear", 2).layerScale("scale"));

    assertThat(operations(program)).containsExactly("Convolution");
    assertThat(program.constants().get(0).shape()).containsExactly(2, 3, 1, 1);
  }
}
