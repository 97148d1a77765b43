package io.github.pixelwise.training.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The TorchScript methods of a training step: {@code forward} returns the loss and its gradients,
 * {@code update} changes the weights. The module holds no tensors; Java owns them all.
 */
final class StepScript {
  private final List<Boolean> trained;
  private final int auxiliary;
  private final double auxiliaryWeight;

  /**
   * @param trained for each weight, whether its gradient is wanted
   * @param auxiliary the number of auxiliary outputs, whose losses are multiplied by the weight
   */
  StepScript(List<Boolean> trained, int auxiliary, double auxiliaryWeight) {
    this.trained = trained;
    this.auxiliary = auxiliary;
    this.auxiliaryWeight = auxiliaryWeight;
  }

  /**
   * The methods that this class writes. They call {@code scores} of the network and {@code loss}.
   */
  String methods() {
    return forward() + HELPERS;
  }

  private String forward() {
    List<String> lines = new ArrayList<>();
    lines.add("def forward(self,");
    lines.add("  images: Tensor,");
    lines.add("  targets: Tensor,");
    lines.add("  weights: List[Tensor],");
    lines.add("  statistics: List[Tensor]) -> List[Tensor]:");
    for (int i = 0; i < trained.size(); i++) {
      // A leaf of this step's graph, which shares its values with the weight.
      String leaf = "torch.detach(weights[%s])".formatted(i);
      lines.add("  w%s = %s".formatted(i, trained.get(i) ? requiringGradient(leaf) : leaf));
    }
    lines.add("  leaves = [%s]".formatted(names(IntStream.range(0, trained.size()))));
    lines.add("  scores = (self).scores(images, leaves, statistics, )");
    lines.add("  wanted = torch.to(targets, 4)");
    lines.add("  loss0 = (self).loss((self).enlarged(scores[0], wanted, ), wanted, )");
    for (int i = 1; i <= auxiliary; i++) {
      lines.add(
          "  loss%s = torch.add(loss%s, (self).loss((self).enlarged(scores[%s], wanted, ), wanted, ), alpha=%s)"
              .formatted(i, i - 1, i, auxiliaryWeight));
    }
    String loss = "loss" + auxiliary;
    lines.add(
        "  gradients = torch.grad([%s], [%s], None, None, False, False)"
            .formatted(loss, names(IntStream.range(0, trained.size()).filter(trained::get))));
    lines.add("  results = [torch.detach(%s)]".formatted(loss));
    lines.add("  for i in range(torch.len(gradients)):");
    lines.add("    _0 = torch.append(results, unchecked_cast(Tensor, gradients[i]))");
    lines.add("  return results");
    return lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }

  private static String requiringGradient(String leaf) {
    return "torch.requires_grad_(" + leaf + ")";
  }

  private static String names(IntStream weights) {
    return weights.mapToObj(i -> "w" + i).collect(Collectors.joining(", "));
  }

  /**
   * {@code enlarged} returns scores at the targets' size, as torchvision enlarges them; {@code
   * finite} tells whether all numbers of all tensors are.
   */
  private static final String HELPERS =
      """
        def enlarged(self,
          scores: Tensor,
          targets: Tensor) -> Tensor:
          size = [torch.size(targets, 1), torch.size(targets, 2)]
          if torch.eq([torch.size(scores, 2), torch.size(scores, 3)], size):
            result = scores
          else:
            result = torch.upsample_bilinear2d(scores, size, False)
          return result

        def finite(self,
          tensors: List[Tensor]) -> bool:
          finite = True
          for i in range(torch.len(tensors)):
            if bool(torch.isfinite(torch.sum(tensors[i]))):
              pass
            else:
              finite = False
          return finite

        def scale(self,
          tensors: List[Tensor],
          factor: float) -> NoneType:
          for i in range(torch.len(tensors)):
            _0 = torch.mul_(tensors[i], factor)
          return None
      """;
}
