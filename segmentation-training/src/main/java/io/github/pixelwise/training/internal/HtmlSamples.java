package io.github.pixelwise.training.internal;

import io.github.pixelwise.evaluation.internal.html.Markup;
import io.github.pixelwise.training.internal.Samples.Photo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** The part of a page that shows how predictions change from epoch to epoch. */
final class HtmlSamples {
  /** The epochs shown beside the best one, spread evenly from the first to the last. */
  private static final int SPREAD = 5;

  private final Samples samples;
  private final OptionalInt best;

  private HtmlSamples(Samples samples, OptionalInt best) {
    this.samples = samples;
    this.best = best;
  }

  static Markup of(Samples samples, OptionalInt best) throws IOException {
    if (samples.photos().isEmpty() || samples.epochs().isEmpty()) {
      return Markup.EMPTY;
    }
    HtmlSamples html = new HtmlSamples(samples, best);
    List<Markup> rows = new ArrayList<>();
    for (int sample = 0; sample < samples.photos().size(); sample++) {
      rows.add(html.row(sample));
    }
    return Markup.of(
        "<section id=\"samples\"><h2>Predictions</h2>"
            + "<p>Validation photos, with the colors of the classes above.</p>%s</section>\n",
        Markup.join(rows));
  }

  private Markup row(int sample) throws IOException {
    Photo photo = samples.photos().get(sample);
    List<Markup> pictures = new ArrayList<>();
    pictures.add(figure(photo, "photo", samples.photo(sample)));
    pictures.add(figure(photo, "truth", samples.truth(sample)));
    for (int epoch : chosen(samples.epochs(), best)) {
      Optional<byte[]> png = samples.prediction(sample, epoch);
      if (png.isPresent()) {
        pictures.add(figure(photo, caption(epoch), png.get()));
      }
    }
    return Markup.of(
        "<article><h3>%s</h3><div class=\"pictures\">%s</div></article>\n",
        photo.name(), Markup.join(pictures));
  }

  /** The first epoch, the last one, some between, and the best. */
  static SortedSet<Integer> chosen(List<Integer> epochs, OptionalInt best) {
    TreeSet<Integer> chosen = new TreeSet<>();
    int last = epochs.size() - 1;
    for (int i = 0; i < SPREAD; i++) {
      chosen.add(epochs.get(Math.round((float) i * last / (SPREAD - 1))));
    }
    best.stream().filter(epochs::contains).forEach(chosen::add);
    return chosen;
  }

  private String caption(int epoch) {
    List<Integer> epochs = samples.epochs();
    boolean isBest = best.isPresent() && best.getAsInt() == epoch;
    boolean isLast = epochs.get(epochs.size() - 1) == epoch;
    return "epoch "
        + epoch
        + (isBest && isLast ? ", best and last" : isBest ? ", best" : isLast ? ", last" : "");
  }

  private static Markup figure(Photo photo, String what, byte[] png) {
    return Markup.of(
        "<figure><img src=\"data:image/png;base64,%s\" alt=\"%s of %s\" width=\"%s\" height=\"%s\"/>"
            + "<figcaption>%s</figcaption></figure>\n",
        Base64.getEncoder().encodeToString(png),
        what,
        photo.name(),
        photo.width(),
        photo.height(),
        what);
  }
}
