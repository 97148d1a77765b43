package io.github.pixelwise.products;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.GaussianBlur;
import io.github.pixelwise.postprocess.Regions;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What a cutout keeps, and how its edge looks.
 *
 * @param classes the classes to keep; all but the background if empty
 * @param relabeling new names of the model's classes
 * @param minRegion the smallest region to keep, in pixels
 * @param feather by how many pixels it is softened
 * @param soft whether alpha is that of probabilities whatever the model
 * @param refined whether it follows the photograph's colors
 */
record CutoutEdge(
    List<String> classes,
    Map<String, String> relabeling,
    int minRegion,
    OptionalInt feather,
    boolean soft,
    boolean refined) {
  private static final int FEATHER = 3;

  static void requireProbabilities(ModelCard model) {
    if (model.output().kind() == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "model %s outputs classes without probabilities, so its cutouts cannot be soft; use hard edges"
              .formatted(model.name()));
    }
  }

  /** Whether cutouts take their alpha from the network's probabilities. */
  boolean isSoft(ModelCard model) {
    return soft || model.output().softEdge();
  }

  /** The foreground of a result. */
  AlphaMask alpha(SegmentationResult result, ModelCard model, RgbImage photo) {
    boolean isSoft = isSoft(model);
    AlphaMask alpha = isSoft ? softAlpha(result, model) : hardAlpha(result);
    if (refined) {
      alpha = Alpha.refine(photo, alpha);
    }
    int pixels = feather.orElse(isSoft || refined ? 0 : FEATHER);
    return pixels == 0 ? alpha : Alpha.feather(alpha, GaussianBlur.ofKernelSize(2 * pixels + 1));
  }

  private AlphaMask hardAlpha(SegmentationResult result) {
    return classes.isEmpty()
        ? Alpha.foreground(result.mask(), result.labels())
        : Alpha.ofClasses(result.mask(), result.labels(), classes.toArray(String[]::new));
  }

  private AlphaMask softAlpha(SegmentationResult result, ModelCard model) {
    LabelMap labels = result.labels();
    BitSet kept = new BitSet();
    if (classes.isEmpty()) {
      kept.set(0, labels.size());
      kept.clear(labels.category(Recipe.BACKGROUND));
    } else {
      classes.forEach(name -> kept.set(labels.category(name)));
    }
    IntUnaryOperator category =
        relabeling.isEmpty()
            ? IntUnaryOperator.identity()
            : Relabeling.of(model.labels(), relabeling)::category;
    AlphaMask alpha =
        Alpha.ofProbability(
            result.scores().orElseThrow(),
            IntStream.range(0, model.labels().size())
                .filter(c -> kept.get(category.applyAsInt(c)))
                .toArray());
    return minRegion > 1 ? Regions.dropSmall(alpha, minRegion) : alpha;
  }
}
