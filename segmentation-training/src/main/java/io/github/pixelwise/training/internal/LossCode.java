package io.github.pixelwise.training.internal;

import io.github.pixelwise.training.Loss;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes losses as methods of a TorchScript class. Each is computed from the float32 logits {@code
 * scores} [N, K, H, W] and the int64 class numbers {@code targets} [N, H, W].
 *
 * <p>One channel becomes two, 0 and the score, whose softmax is the sigmoid of the score. So losses
 * of pixels have one form.
 *
 * <p>On the CPU, equal arguments give equal bits: sums have a fixed order, and sorting is stable.
 */
public final class LossCode {
  /**
   * The least {@code 1 - p}. In float32 it is 0 or above 5e-8, and a power less than 1 has no
   * derivative at 0.
   */
  private static final double LEAST_MISS = 1e-12;

  private final int channels;
  private final long ignoreIndex;

  private LossCode(int channels, long ignoreIndex) {
    this.channels = channels;
    this.ignoreIndex = ignoreIndex;
  }

  /**
   * Returns {@code def loss(self, scores: Tensor, targets: Tensor) -> Tensor}, and for a sum the
   * methods {@code term1}, {@code term2}, ... of its terms.
   *
   * @param loss the loss
   * @param channels the number of channels of the scores
   * @param ignoreIndex the target of pixels that do not count
   * @return the methods, indented by two spaces
   * @throws IllegalArgumentException if the loss has class weights for another number of classes
   */
  public static String methods(Loss loss, int channels, long ignoreIndex) {
    LossCode code = new LossCode(channels, ignoreIndex);
    return loss instanceof Loss.Sum sum ? code.sum(sum.terms()) : code.method("loss", loss);
  }

  private String sum(List<Loss.Term> terms) {
    StringBuilder methods = new StringBuilder();
    StringBuilder body = new StringBuilder();
    for (int i = 1; i <= terms.size(); i++) {
      Loss.Term term = terms.get(i - 1);
      methods.append(method("term" + i, term.loss()));
      String call = "(self).term%s(scores, targets, )".formatted(i);
      String sum =
          i == 1
              ? "torch.mul(%s, %s)".formatted(call, term.factor())
              : "torch.add(total, %s, alpha=%s)".formatted(call, term.factor());
      body.append("    total = ").append(sum).append('\n');
    }
    return methods + signature("loss") + body + "    return total\n";
  }

  private String method(String name, Loss loss) {
    return signature(name) + body(loss);
  }

  private static String signature(String name) {
    return """
      def %s(self,
        scores: Tensor,
        targets: Tensor) -> Tensor:
    """
        .formatted(name);
  }

  private String body(Loss loss) {
    if (loss instanceof Loss.CrossEntropy crossEntropy) {
      return crossEntropy(crossEntropy);
    }
    if (loss instanceof Loss.Focal focal) {
      return focal(focal);
    }
    if (loss instanceof Loss.Ohem ohem) {
      return ohem(ohem);
    }
    if (loss instanceof Loss.Dice) {
      return dice();
    }
    if (loss instanceof Loss.Lovasz) {
      return lovasz();
    }
    throw new AssertionError(loss); // the terms of a sum are not sums
  }

  private String crossEntropy(Loss.CrossEntropy loss) {
    String sum =
        """
            sum = torch.cross_entropy_loss(%s, targets, %s, 2, %s, %s)
            size = torch.sum(%s)
            return torch.div(sum, torch.add(size, torch.eq(size, 0)))
        """
            .formatted(
                classes(),
                loss.classWeights().isEmpty() ? "None" : "weights",
                ignoreIndex,
                loss.labelSmoothing(),
                loss.classWeights().isEmpty()
                    ? "valid"
                    : "torch.mul(torch.take(weights, known), valid)");
    return valid() + weights(loss.classWeights()) + sum;
  }

  private String focal(Loss.Focal loss) {
    String mean =
        """
            entropies = torch.cross_entropy_loss(%s, targets, None, 0, %s, 0.)
            misses = torch.neg(torch.expm1(torch.neg(entropies)))
            powers = torch.pow(torch.clamp_min(misses, %s), %s)
            losses = torch.mul(powers, entropies)
            sum = torch.sum(%s)
            return torch.div(sum, torch.clamp_min(torch.sum(valid), 1))
        """
            .formatted(
                classes(),
                ignoreIndex,
                LEAST_MISS,
                loss.gamma(),
                loss.classWeights().isEmpty()
                    ? "losses"
                    : "torch.mul(losses, torch.take(weights, known))");
    return valid() + weights(loss.classWeights()) + mean;
  }

  private String ohem(Loss.Ohem loss) {
    return """
        entropies = torch.flatten(torch.cross_entropy_loss(%s, targets, None, 0, %s, 0.))
    %s    losses = torch.index_select(entropies, 0, kept)
        count = torch.size(kept, 0)
        if torch.eq(count, 0):
          mean = torch.sum(entropies)
        else:
          likelihoods = torch.exp(torch.neg(torch.detach(losses)))
          rank = ops.prim.min(torch.mul(torch.size(targets, 0), %s), torch.sub(count, 1))
          least, _0 = torch.kthvalue(likelihoods, torch.add(rank, 1))
          hard = torch.lt(likelihoods, torch.clamp_min(least, %s))
          sum = torch.sum(torch.mul(losses, hard))
          mean = torch.div(sum, torch.clamp_min(torch.sum(hard), 1))
        return mean
    """
        .formatted(classes(), ignoreIndex, kept(), loss.minKept(), loss.threshold());
  }

  private String dice() {
    return """
    %s    probabilities = %s
        numbers = torch.arange(%s, %s, dtype=4, device=ops.prim.device(scores))
        truths = torch.eq(torch.unsqueeze(targets, 1), torch.view(numbers, [1, -1, 1, 1]))
        common = torch.sum(torch.mul(probabilities, truths), [0, 2, 3])
        found = torch.sum(torch.mul(probabilities, torch.unsqueeze(valid, 1)), [0, 2, 3])
        sizes = torch.sum(truths, [0, 2, 3])
        present = torch.gt(sizes, 0)
        sums = torch.add(torch.add(found, sizes), torch.eq(sizes, 0))
        losses = torch.rsub(torch.div(torch.mul(common, 2), sums), 1)
        sum = torch.sum(torch.mul(losses, present))
        return torch.div(sum, torch.clamp_min(torch.sum(present), 1))
    """
        .formatted(valid(), probabilities(), firstClass(), firstClass() + channels);
  }

  /**
   * In the order of descending errors, the loss of a class is the sum of each error times what the
   * Jaccard loss grows by if that pixel is wrong, too.
   */
  private String lovasz() {
    return """
    %s    labels = torch.index_select(torch.flatten(targets), 0, kept)
        planes = torch.unbind(%s, 1)
        total = torch.mul(torch.sum(scores), 0.)
        present = 0
        for i in range(torch.len(planes)):
          truth = torch.to(torch.eq(labels, torch.add(i, %s)), 6)
          if bool(torch.any(truth)):
            plane = torch.index_select(torch.flatten(planes[i]), 0, kept)
            distances = torch.abs(torch.sub(truth, plane))
            errors, order = torch.sort(distances, stable=True, dim=0, descending=True)
            wrong = torch.index_select(truth, 0, order)
            size = torch.sum(truth)
            intersections = torch.sub(size, torch.cumsum(wrong, 0))
            unions = torch.add(size, torch.cumsum(torch.rsub(wrong, 1), 0))
            jaccard = torch.rsub(torch.div(intersections, unions), 1)
            zero = torch.zeros_like(torch.slice(jaccard, 0, 0, 1))
            growth = torch.diff(jaccard, 1, 0, zero)
            total = torch.add(total, torch.sum(torch.mul(errors, growth)))
            present = torch.add(present, 1)
        return torch.div(total, ops.prim.max(present, 1))
    """
        .formatted(kept(), probabilities(), firstClass());
  }

  private String valid() {
    return "    valid = torch.ne(targets, %s)\n".formatted(ignoreIndex);
  }

  /** The numbers of the pixels that count. */
  private String kept() {
    return "    kept = torch.squeeze(torch.nonzero(torch.ne(torch.flatten(targets), %s)), 1)\n"
        .formatted(ignoreIndex);
  }

  private String weights(List<Double> weights) {
    if (weights.isEmpty()) {
      return "";
    }
    int classes = Math.max(channels, 2);
    if (weights.size() != classes) {
      throw new IllegalArgumentException(
          "the loss has %s class weights, but the network has %s classes; give one weight per class"
              .formatted(weights.size(), classes));
    }
    String list = weights.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return """
        weights = torch.tensor([%s], dtype=6, device=ops.prim.device(scores))
        known = torch.masked_fill(targets, torch.eq(targets, %s), 0)
    """
        .formatted(list, ignoreIndex);
  }

  /** The scores of at least two classes. */
  private String classes() {
    return channels == 1 ? "torch.cat([torch.zeros_like(scores), scores], 1)" : "scores";
  }

  private String probabilities() {
    return channels == 1 ? "torch.sigmoid(scores)" : "torch.softmax(scores, 1)";
  }

  /** The class of the first of {@link #probabilities()}. */
  private int firstClass() {
    return channels == 1 ? 1 : 0;
  }
}
