package io.github.pixelwise.spi;

import io.github.pixelwise.ModelLoadException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the card's input and output among those of a network. */
final class TensorSearch {
  private final BackendContext context;

  TensorSearch(BackendContext context) {
    this.context = context;
  }

  TensorInfo input(List<TensorInfo> inputs, Set<ElementType> types) {
    String wanted = context.model().input().name();
    if (inputs.size() != 1 || !(wanted.isEmpty() || inputs.get(0).name().equals(wanted))) {
      throw error(
          "needs one input%s, found %s in %s. %s"
              .formatted(
                  wanted.isEmpty() ? "" : " named \"" + wanted + "\"",
                  names(inputs),
                  context.file(),
                  switch (inputs.size()) {
                    case 0 -> "Export the network with an input.";
                    case 1 -> "Correct the input's name (input.name on a card).";
                    default -> "A network with several inputs cannot be used.";
                  }));
    }
    TensorInfo input = inputs.get(0);
    if (input.otherKind().isPresent() || input.type().filter(t -> !types.contains(t)).isPresent()) {
      throw error(
          "needs the input \"%s\" of %s to be a tensor of %s, found %s. Export the network with such an input."
              .formatted(
                  input.name(),
                  context.file(),
                  types.stream()
                      .sorted()
                      .map(ElementType::toString)
                      .collect(Collectors.joining(", ")),
                  found(input)));
    }
    return input;
  }

  TensorInfo output(List<TensorInfo> outputs) {
    String wanted = context.model().output().name();
    if (wanted.isEmpty() && outputs.size() > 1) {
      throw error(
          "found several outputs, %s, in %s. Name one of them in an OutputSpec (output.name on a card)."
              .formatted(names(outputs), context.file()));
    }
    TensorInfo output =
        outputs.stream()
            .filter(candidate -> wanted.isEmpty() || candidate.name().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    error(
                        "needs the output \"%s\", found %s in %s. Correct the output's name (output.name on a card)."
                            .formatted(wanted, names(outputs), context.file())));
    if (output.otherKind().isPresent()) {
      throw error(
          "needs the output \"%s\" of %s to be a tensor of numbers, found %s. Choose another output (output.name on a card)."
              .formatted(output.name(), context.file(), found(output)));
    }
    return output;
  }

  private static String found(TensorInfo tensor) {
    return tensor.otherKind().or(() -> tensor.type().map(ElementType::toString)).orElse("another");
  }

  private static Set<String> names(List<TensorInfo> tensors) {
    return tensors.stream().map(TensorInfo::name).collect(Collectors.toCollection(TreeSet::new));
  }

  private ModelLoadException error(String reason) {
    return context.mismatch(reason);
  }
}
