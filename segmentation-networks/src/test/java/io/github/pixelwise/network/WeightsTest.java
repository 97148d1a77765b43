package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
  private final Layer stem = LayerTest.image().convolution("stem", 8, Kernel.of(3)).batchNorm("bn");
  private final Network network =
      Network.of("tiny", stem.convolution("scores", 2, Kernel.of(1).withBias()));
  private final Map<String, Zeros> tensors = tensorsOf(network);

  private record Zeros(List<Integer> shape) implements WeightTensor {
    @Override
    public String type() {
      return "float32";
    }

    @Override
    public float[] values() {
      return new float[shape.stream().reduce(1, Math::multiplyExact)];
    }
  }

  private static Map<String, Zeros> tensorsOf(Network network) {
    Map<String, Zeros> tensors = new TreeMap<>();
    for (Parameter parameter : network.parameters()) {
      tensors.put(parameter.name(), new Zeros(parameter.shape()));
    }
    return tensors;
  }

  @Test
  void areACheckpointThatFits() {
    tensors.put("bn.num_batches_tracked", new Zeros(List.of()));

    Weights weights = Weights.of(network, tensors);

    assertThat(weights.values("stem.weight")).hasSize(216);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weights.values("stem.bias"))
        .withMessage("there are no weights for stem.bias");
  }

  @Test
  void mayLackAnAuxiliaryOutputs() {
    Network trained = network.withAuxiliary(stem.convolution("aux", 2, Kernel.of(1)));

    assertThat(Weights.of(trained, tensors).values("scores.bias")).hasSize(2);
    assertThat(Weights.of(trained, tensorsOf(trained)).values("aux.weight")).hasSize(16);
  }

  @Test
  void mayLeaveOverWhatTheNetworkIgnores() {
    tensors.put("copy.stem.weight", new Zeros(List.of(1)));

    Network ignoring = network.ignoring("copy.").ignoring("other.");
    assertThat(Weights.of(ignoring, tensors).values("bn.weight")).hasSize(8);
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessageContaining("Left over, 1: copy.stem.weight.");
  }

  private Map<String, Zeros> prefixed(String prefix) {
    Map<String, Zeros> prefixed = new TreeMap<>();
    tensors.forEach((name, tensor) -> prefixed.put(prefix + name, tensor));
    return prefixed;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"model.", "net.", "backbone.", "model.net.", "ema.", "n.0.", "student.encoder."})
  void areFoundUnderAnyPrefixWhichIsTold(String prefix) {
    Map<String, Zeros> prefixed = prefixed(prefix);
    prefixed.put(prefix + "bn.num_batches_tracked", new Zeros(List.of()));
    prefixed.put("criterion.weight", new Zeros(List.of(2)));
    prefixed.put("other.layer.weight", new Zeros(List.of(2)));
    prefixed.put("other.layer.bias", new Zeros(List.of(2)));

    Weights weights = Weights.of(network, prefixed);

    assertThat(weights.values("stem.weight")).hasSize(216);
    assertThat(weights.notes())
        .containsExactly(
            "removed the prefix \"" + prefix + "\" from the names in the checkpoint",
            "skipped tensors that the network does not use: criterion.weight, other.* (2)");
  }

  @Test
  void haveNothingToTellOfNamesThatAreTheNetworks() {
    assertThat(Weights.of(network, tensors).notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "module., module.",
    "_orig_mod., _orig_mod.",
    "_orig_mod.module., '_orig_mod., module.'",
    "_forward_module._fsdp_wrapped_module., '_forward_module., _fsdp_wrapped_module.'"
  })
  void areFoundWithinWrappers(String prefix, String told) {
    Map<String, Zeros> prefixed = prefixed(prefix);
    prefixed.put("n_averaged", new Zeros(List.of()));

    assertThat(Weights.of(network, prefixed).notes())
        .containsExactly(
            "removed " + told + " from the names in the checkpoint",
            "skipped tensors that the network does not use: n_averaged");
  }

  @Test
  void areFoundWithinWrappersOfParts() {
    Map<String, Zeros> wrapped = new TreeMap<>();
    tensors.forEach(
        (name, tensor) ->
            wrapped.put("module.model." + name.replace("stem.", "stem._orig_mod."), tensor));

    assertThat(Weights.of(network, wrapped).notes())
        .containsExactly(
            "removed _orig_mod., module. from the names in the checkpoint",
            "removed the prefix \"model.\" from the names in the checkpoint");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model."})
  void mayLackTheFirstPartOfTheirNames(String prefix) {
    Map<String, Zeros> shorter = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> shorter.put(prefix + name.replaceFirst("^stem\\.", ""), tensor));

    Weights weights = Weights.of(network, shorter);

    assertThat(weights.values("stem.weight")).hasSize(216);
    assertThat(weights.notes()).endsWith("added \"stem.\" to the names in the checkpoint");
  }

  @Test
  void ofSeveralPrefixesAreNotAnAverages() {
    Map<String, Zeros> both = prefixed("model.");
    both.putAll(prefixed("model_ema."));

    assertThat(Weights.of(network, both).notes())
        .containsExactly(
            "removed the prefix \"model.\" from the names in the checkpoint",
            "skipped tensors that the network does not use: model_ema.* (7)");
    assertThat(Weights.of(network, both, "model_ema").notes())
        .containsExactly(
            "removed the prefix \"model_ema.\" from the names in the checkpoint",
            "skipped tensors that the network does not use: model.* (7)");

    tensors.putAll(prefixed("ema."));
    assertThat(Weights.of(network, tensors).notes())
        .containsExactly("skipped tensors that the network does not use: ema.* (7)");
  }

  @Test
  void ofSeveralPrefixesHaveToBeChosen() {
    Map<String, Zeros> both = prefixed("student.");
    both.putAll(prefixed("teacher."));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, both))
        .withMessage(
            "the checkpoint has several sets of weights that fit network tiny, 250 parameters, "
                + "with the prefixes student., teacher.; choose one with --prefix, or with the "
                + "prefix argument of Conversion.of");
    assertThat(Weights.of(network, both, "teacher.").values("bn.bias")).hasSize(8);
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, both, "pupil"))
        .withMessage(
            "no name in the checkpoint starts with the prefix \"pupil.\"; they start with student.,"
                + " teacher.");

    tensors.putAll(prefixed("teacher."));
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessageContaining("with the prefixes (none), teacher.; choose one");
  }

  @Test
  void areListedUnderThePrefixThatFitsBest() {
    Map<String, Zeros> prefixed = prefixed("model.");
    prefixed.remove("model.bn.bias");
    prefixed.put("model.extra.weight", new Zeros(List.of(1)));
    prefixed.put("other", new Zeros(List.of(1)));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, prefixed))
        .withMessage(
            "the checkpoint does not fit network tiny, 250 parameters with 2 classes, under the "
                + "prefix"
                + " \"model.\". Missing, 1: bn.bias. Left over, 1: model.extra.weight. Check the "
                + "network, the number of classes, and the width.");
  }

  @Test
  void namesThatMatchUnderAPrefixByChanceDoNotExplainTheOthers() {
    Map<String, Zeros> other = new TreeMap<>();
    other.put("encoder.4.bn.weight", new Zeros(List.of(8)));
    other.put("encoder.4.bn.bias", new Zeros(List.of(8)));
    other.put("decoder.mixer.weight", new Zeros(List.of(8, 8)));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, other))
        .withMessage(
            "the checkpoint does not fit network tiny, 250 parameters with 2 classes."
                + " Missing, 7: stem.weight, bn.weight, bn.bias, bn.running_mean, bn.running_var,"
                + " scores.weight, scores.bias. Left over, 3: decoder.mixer.weight,"
                + " encoder.4.bn.bias, encoder.4.bn.weight. Check the network, the number of"
                + " classes, and the width.");
  }

  @Test
  void noTensorsAreTheWeightsOfANetworkWithoutParameters() {
    Network pooling = Network.of("pooling", network.image().globalAveragePool());

    assertThat(Weights.of(pooling, Map.of()).notes()).isEmpty();
  }

  @Test
  void noTensorsAreNotTheWeightsOfOthers() {
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, Map.of()))
        .withMessageStartingWith(
            "the checkpoint does not fit network tiny, 250 parameters with 2 classes. Missing, 7:");
  }

  @Test
  void aPrefixThatWasAskedForIsNamedWhateverIsUnderIt() {
    tensors.put("other.bn.weight", new Zeros(List.of(8)));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors, "other."))
        .withMessageStartingWith(
            "the checkpoint does not fit network tiny, 250 parameters with 2 classes, under the"
                + " prefix \"other.\".");
  }

  @Test
  void ofAPartAloneAreSaidToBeSo() {
    tensors.keySet().removeIf(name -> name.startsWith("scores."));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessageEndingWith(
            " Missing, 2: scores.weight, scores.bias. Does it hold only part of the network, such "
                + "as a pretrained backbone?");
  }

  @Test
  void listWhatIsMissingLeftOverAndOfAnotherShape() {
    tensors.remove("bn.running_mean");
    tensors.put("extra.weight", new Zeros(List.of(4)));
    tensors.put("scores.weight", new Zeros(List.of(3, 8, 1, 1)));
    tensors.put("scores.bias", new Zeros(List.of(3)));

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessage(
            "the checkpoint does not fit network tiny, 250 parameters with 2 classes."
                + " Missing, 1: bn.running_mean. Left over, 1: extra.weight."
                + " Wrong shape, 2: scores.weight is [3, 8, 1, 1] but should be [2, 8, 1, 1],"
                + " scores.bias is [3] but should be [2]."
                + " Check the network, the number of classes, and the width.");
  }

  @Test
  void listTwentyNamesAndCountTheOthers() {
    for (int i = 10; i < 35; i++) {
      tensors.put("extra" + i, new Zeros(List.of(1)));
    }

    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> Weights.of(network, tensors))
        .withMessageContaining("Left over, 25: extra10, extra11, ")
        .withMessageContaining(", extra29 and 5 more.");
  }
}
