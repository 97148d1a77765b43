package io.github.pixelwise.internal.card;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A data set whose labels and colors come with the library, read when first needed. */
public final class BuiltInLabels {
  /** PASCAL VOC 2012. */
  public static final BuiltInLabels VOC = new BuiltInLabels("voc");

  /** Cityscapes. */
  public static final BuiltInLabels CITYSCAPES = new BuiltInLabels("cityscapes");

  /** CamVid. */
  public static final BuiltInLabels CAMVID = new BuiltInLabels("camvid");

  /** ADE20K. */
  public static final BuiltInLabels ADE20K = new BuiltInLabels("ade20k");

  /** All of them. */
  static final List<BuiltInLabels> ALL = List.of(VOC, CITYSCAPES, CAMVID, ADE20K);

  /** The name in model cards. */
  final String cardName;

  private record Content(LabelMap labels, Palette palette) {}

  private volatile @Nullable Content content;

  private BuiltInLabels(String cardName) {
    this.cardName = cardName;
  }

  /** The data set's labels. */
  public LabelMap labels() {
    return content().labels();
  }

  /** The data set's colors. */
  public Palette palette() {
    return content().palette();
  }

  private Content content() {
    Content read = content;
    if (read == null) {
      read = read();
      content = read;
    }
    return read;
  }

  /** Lines of {@code #rrggbb name}, after a first line that names the source. */
  private Content read() {
    String resource = "labels/" + cardName + ".txt";
    List<String> names = new ArrayList<>();
    List<Integer> colors = new ArrayList<>();
    try (InputStream in =
            Objects.requireNonNull(BuiltInLabels.class.getResourceAsStream(resource), resource);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .skip(1)
          .forEach(
              line -> {
                colors.add(Integer.parseInt(line, 1, 7, 16));
                names.add(line.substring(8));
              });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
    return new Content(LabelMap.of(names), Palette.of(colors));
  }
}
