package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.decode.ProbabilityRows;
import io.github.pixelwise.model.OutputKind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Creates alpha masks, which say how much of each pixel to keep. Masks from a {@link CategoryMask}
 * have hard edges; masks from a {@link ScoreMap} are soft where the network is uncertain.
 */
public final class Alpha {
  private static final String BACKGROUND = "background";

  private Alpha() {}

  /**
   * Keeps everything but the class named background and void pixels.
   *
   * @param mask the mask
   * @param labels the names of its categories
   * @return a mask of the same size, 255 for pixels to keep, 0 for others
   * @throws IllegalArgumentException if no class is named background, as in Cityscapes; then choose
   *     the classes with {@link #ofClasses}
   */
  public static AlphaMask foreground(CategoryMask mask, LabelMap labels) {
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(labels, "labels");
    int background = background(labels, "Alpha.ofClasses");
    BitSet kept = new BitSet();
    kept.set(0, 1 << 16);
    kept.clear(background);
    kept.clear(labels.ignoreIndex());
    return of(mask, kept);
  }

  /**
   * Keeps some classes.
   *
   * @param mask the mask
   * @param labels the names of its categories
   * @param names the names of the classes to keep; case is ignored
   * @return a mask of the same size, 255 for pixels to keep, 0 for others
   * @throws IllegalArgumentException if there is no class with one of the names; the message lists
   *     the available classes
   */
  public static AlphaMask ofClasses(CategoryMask mask, LabelMap labels, String... names) {
    Objects.requireNonNull(labels, "labels");
    return ofCategories(mask, categories(labels, names));
  }

  /**
   * Keeps some categories.
   *
   * @param mask the mask
   * @param categories the categories to keep, each 0 to 65535
   * @return a mask of the same size, 255 for pixels to keep, 0 for others
   * @throws IllegalArgumentException if a category lies outside 0..65535
   */
  public static AlphaMask ofCategories(CategoryMask mask, int... categories) {
    Objects.requireNonNull(mask, "mask");
    BitSet kept = new BitSet();
    for (int category : categories) {
      if (category >>> 16 != 0) {
        throw new IllegalArgumentException("categories must lie in 0..65535, found " + category);
      }
      kept.set(category);
    }
    return of(mask, kept);
  }

  /**
   * Keeps everything but the class named background, softly: alpha is 1 minus the probability of
   * that class.
   *
   * @param scores the network's scores, as {@link
   *     io.github.pixelwise.SegmentationOptions#withScores} keeps them
   * @param labels the names of the network's own classes, as in its card; not those of a {@link
   *     io.github.pixelwise.Relabeling}
   * @return a mask of the source's size: 255 times the probability, rounded; 0 for pixels outside
   *     the network's input
   * @throws IllegalArgumentException if no class is named background, the scores are not of these
   *     labels, or hold categories instead of probabilities
   */
  public static AlphaMask foreground(ScoreMap scores, LabelMap labels) {
    checkPair(scores, labels);
    int background = background(labels, "Alpha.ofProbability");
    return ofProbability(
        scores, IntStream.range(0, labels.size()).filter(c -> c != background).toArray());
  }

  /**
   * Keeps some classes, softly: alpha is the sum of their probabilities.
   *
   * @param scores the network's scores, as {@link
   *     io.github.pixelwise.SegmentationOptions#withScores} keeps them
   * @param labels the names of the network's own classes, as in its card; not those of a {@link
   *     io.github.pixelwise.Relabeling}
   * @param names the names of the classes to keep; case is ignored
   * @return a mask of the source's size: 255 times the probability, rounded; 0 for pixels outside
   *     the network's input
   * @throws IllegalArgumentException if there is no class with one of the names (the message lists
   *     the available classes), or if the scores are not of these labels, or hold categories
   *     instead of probabilities
   */
  public static AlphaMask ofProbability(ScoreMap scores, LabelMap labels, String... names) {
    checkPair(scores, labels);
    return ofProbability(scores, categories(labels, names));
  }

  /**
   * Keeps some categories, softly: alpha is the sum of their probabilities.
   *
   * <p>Scores are interpolated bilinearly, unless the model's card says otherwise; the
   * probabilities of interpolated logits are their softmax. A single channel gives the probability
   * of category 1, and the rest is that of category 0. Scores are never stored at the source's
   * size.
   *
   * @param scores the network's scores, as {@link
   *     io.github.pixelwise.SegmentationOptions#withScores} keeps them
   * @param categories the categories to keep, each one of the network's own
   * @return a mask of the source's size: 255 times the probability, rounded; 0 for pixels outside
   *     the network's input
   * @throws IllegalArgumentException if the network has no such category, or the scores hold
   *     categories instead of probabilities
   */
  public static AlphaMask ofProbability(ScoreMap scores, int... categories) {
    Objects.requireNonNull(scores, "scores");
    OutputKind kind = scores.spec().kind();
    if (kind == OutputKind.CATEGORIES) {
      throw new IllegalArgumentException(
          "output \"%s\" holds categories, not their probabilities; make the alpha mask of the"
                  .formatted(scores.spec().name())
              + " category mask, and soften it by Alpha.feather");
    }
    int size = size(scores);
    BitSet wanted = new BitSet();
    for (int category : categories) {
      if (category < 0 || category >= size) {
        throw new IllegalArgumentException(
            "categories must lie in 0..%d, found %d".formatted(size - 1, category));
      }
      wanted.set(category);
    }
    return ProbabilityRows.decode(scores, wanted);
  }

  /**
   * Narrows a mask's soft edges: stretches a range of alpha to the full range.
   *
   * <p>Useful for masks of probabilities, whose edges are wide if the network's grid is coarse, and
   * which are rarely exactly 0 or 255.
   *
   * @param alpha the mask
   * @param low the opacity, 0 to 1, that becomes 0, as does everything below it
   * @param high the opacity, 0 to 1, that becomes 1, as does everything above it
   * @return a mask of the same size, linear between the two and rounded
   * @throws IllegalArgumentException unless {@code 0 <= low < high <= 1}
   */
  public static AlphaMask levels(AlphaMask alpha, double low, double high) {
    Objects.requireNonNull(alpha, "alpha");
    if (!(low >= 0 && low < high && high <= 1)) {
      throw new IllegalArgumentException(
          "levels must be 0 <= low < high <= 1, found %s and %s".formatted(low, high));
    }
    byte[] stretched = new byte[256];
    for (int a = 0; a < 256; a++) {
      double opacity = Math.max(0, Math.min(1, (a / 255.0 - low) / (high - low)));
      stretched[a] = (byte) Math.floor(opacity * 255 + 0.5);
    }
    byte[] samples = alpha.toByteArray();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = stretched[samples[i] & 0xff];
    }
    return AlphaMask.of(alpha.width(), alpha.height(), samples);
  }

  /**
   * Softens a mask's edges.
   *
   * @param alpha the mask
   * @param blur the blur to apply
   * @return a mask of the same size
   */
  public static AlphaMask feather(AlphaMask alpha, GaussianBlur blur) {
    Objects.requireNonNull(alpha, "alpha");
    Objects.requireNonNull(blur, "blur");
    return blur.apply(alpha);
  }

  /**
   * Refines a mask's uncertain edges by the picture's colors, which show hairs and gaps that a
   * network's grid is too coarse for: closed-form matting (A. Levin, D. Lischinski, Y. Weiss: "A
   * Closed Form Solution to Natural Image Matting", CVPR 2006) on a copy of at most 1024 pixels a
   * side.
   *
   * <p>Pixels near an alpha of 10 to 240, or near a hard edge, are uncertain. All others become 0
   * or 255. The result does not depend on the number of threads. For a picture of 12 megapixels, it
   * needs about 40 MB and a few tenths of a second if its edges are uncertain, and at most about
   * 150 MB and a few seconds if all of it is.
   *
   * @param image the picture
   * @param alpha its foreground, as a network finds it
   * @return a mask of the same size
   * @throws IllegalArgumentException if the sizes differ
   */
  public static AlphaMask refine(RgbImage image, AlphaMask alpha) {
    Checks.pair(image, alpha);
    return Refinement.refine(image, alpha);
  }

  private static AlphaMask of(CategoryMask mask, BitSet kept) {
    return Painting.alpha(
        mask,
        (category, alpha, from, to) -> {
          if (kept.get(category)) {
            Arrays.fill(alpha, from, to, (byte) 255);
          }
        });
  }

  private static void checkPair(ScoreMap scores, LabelMap labels) {
    Objects.requireNonNull(scores, "scores");
    Objects.requireNonNull(labels, "labels");
    if (scores.spec().kind() != OutputKind.CATEGORIES && labels.size() != size(scores)) {
      throw new IllegalArgumentException(
          "output \"%s\" has scores of %d classes, the labels name %d; give those of the model"
              .formatted(scores.spec().name(), size(scores), labels.size()));
    }
  }

  /** The number of classes that scores tell apart. */
  private static int size(ScoreMap scores) {
    return scores.spec().kind().isBinary() ? 2 : scores.channels();
  }

  private static int[] categories(LabelMap labels, String... names) {
    return Arrays.stream(names).mapToInt(labels::category).toArray();
  }

  /**
   * Finds the class named background.
   *
   * @param otherwise what makes an alpha mask without one, for the message
   */
  private static int background(LabelMap labels, String otherwise) {
    return labels
        .find(BACKGROUND)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no class is named \"%s\", so there is no telling the foreground; name its classes to %s. %s"
                        .formatted(BACKGROUND, otherwise, classes(labels))));
  }

  private static String classes(LabelMap labels) {
    return "Classes: " + String.join(", ", labels.names()) + ".";
  }
}
