package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is written, and what a segmenter must give for it.
 *
 * @param products the products; all that are possible by default if empty
 * @param masks how masks are made
 * @param edge how cutouts are made
 */
record ProductChoice(Set<Product> products, MaskRecipe masks, CutoutEdge edge) {
  /** The products with a model of these classes. Fails if there is no cutout but one is wanted. */
  Set<Product> of(LabelMap ofModel) {
    LabelMap labels = masks.labels(ofModel);
    boolean cutsOut = !edge.classes().isEmpty() || labels.find(Recipe.BACKGROUND).isPresent();
    if (products.isEmpty()) {
      Set<Product> possible = EnumSet.allOf(Product.class);
      possible.removeIf(product -> !product.isDefault() || (product == Product.CUTOUT && !cutsOut));
      return Collections.unmodifiableSet(possible);
    }
    if (!cutsOut && products.contains(Product.CUTOUT)) {
      throw new IllegalArgumentException(
          "no class is named \"%s\", so a cutout needs the classes to keep; choose some of %s"
              .formatted(Recipe.BACKGROUND, String.join(", ", labels.names())));
    }
    return products;
  }

  /** The products with a model. Fails if it cannot give what they need. */
  Set<Product> of(ModelCard model) {
    Set<Product> found = of(model.labels());
    requireClasses(model);
    if (needsScores(model, found)) {
      CutoutEdge.requireProbabilities(model);
      if (masks.tiles().isPresent()) {
        throw new IllegalArgumentException(
            "soft cutouts need the scores of the whole photo, which tiles do not keep; use hard"
                + " edges, or leave out tiles");
      }
    }
    if (found.contains(Product.CONFIDENCE) && !hasProbabilities(model)) {
      throw new IllegalArgumentException(
          "model %s outputs classes without probabilities, so there is no confidence to write"
              .formatted(model.name()));
    }
    return found;
  }

  /** Fails if the model lacks a class. */
  void requireClasses(ModelCard model) {
    LabelMap labels = masks.labels(model.labels());
    edge.classes().forEach(labels::category);
  }

  /** What a segmenter is told. Fails as {@link #of(ModelCard)} does. */
  SegmentationOptions options(ModelCard model) {
    Set<Product> found = of(model);
    SegmentationOptions options = masks.options(model);
    if (needsScores(model, found)) {
      options = options.withScores();
    }
    boolean needsConfidence = found.stream().anyMatch(Product::hasConfidence);
    return needsConfidence && hasProbabilities(model) ? options.withConfidence() : options;
  }

  /** Whether a cutout needs the scores. Without tiles, it is kept possible even if unasked for. */
  private boolean needsScores(ModelCard model, Set<Product> found) {
    return edge.isSoft(model) && (found.contains(Product.CUTOUT) || masks.tiles().isEmpty());
  }

  private static boolean hasProbabilities(ModelCard model) {
    return model.output().kind() != OutputKind.CATEGORIES;
  }
}
