package io.github.pixelwise;

import io.github.pixelwise.internal.CardFinder;
import io.github.pixelwise.internal.CardFormat;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A model card: everything needed to run a network and to understand its answer. Immutable,
 * compared by content.
 *
 * <p>Its file form is a plain {@code *.properties} file beside the model; {@code
 * docs/model-card.md} lists the keys.
 *
 * @param name the model's name
 * @param description what it is, in a sentence; may be empty
 * @param license its licence, as an SPDX identifier where there is one; may be empty
 * @param source where it comes from; may be empty
 * @param files the network, in one format or several
 * @param input how an image becomes its input
 * @param output how its output becomes a mask
 * @param labels the names of its classes
 * @param palette their colours
 */
public record ModelDescriptor(
    String name,
    String description,
    String license,
    String source,
    List<ModelFile> files,
    InputSpec input,
    OutputSpec output,
    LabelMap labels,
    Palette palette) {

  /**
   * Creates a card.
   *
   * @throws IllegalArgumentException if the name is blank, there is no file, two have one format,
   *     or the labels are not as many as the output's kind tells apart: two for a {@linkplain
   *     OutputKind#isBinary() binary} one, two or more for logits and probabilities
   */
  public ModelDescriptor {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(license, "license");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(palette, "palette");
    files = List.copyOf(files);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a model needs a name, found \"" + name + "\"");
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("model " + name + " needs at least one file, found none");
    }
    if (files.stream().map(ModelFile::format).distinct().count() < files.size()) {
      throw new IllegalArgumentException(
          "model " + name + " has more than one file of a format: " + files);
    }
    requireTwo(output.kind(), labels);
  }

  private static void requireTwo(OutputKind kind, LabelMap labels) {
    if (kind.isBinary() && labels.size() != 2) {
      throw new IllegalArgumentException(
          "an output of the kind %s decides between two classes, such as background and %s; found %d labels: %s"
              .formatted(
                  CardFormat.word(kind),
                  labels.name(labels.size() - 1),
                  labels.size(),
                  String.join(", ", labels.names())));
    }
    if (kind != OutputKind.CATEGORIES && labels.size() == 1) {
      throw new IllegalArgumentException(
          ("an output of the kind %s has a channel for each of two or more classes, found the one label"
                  + " %s. For a network of one channel the kind is binary-logits, or sigmoid if its"
                  + " numbers lie in 0..1, and the labels are two: background, %2$s.")
              .formatted(CardFormat.word(kind), labels.name(0)));
    }
  }

  /**
   * Reads a card.
   *
   * @param card a {@code *.properties} file; the folder that holds one and no other; or a network,
   *     a {@code .onnx}, {@code .pt} or {@code .torchscript} file, beside which lies a card of the
   *     same name that names it. The model's files lie relative to the card.
   * @return the card, with the one file if a network was given; the model's files themselves are
   *     not opened
   * @throws IOException if the card cannot be read, lacks a key, has one it should not have, or a
   *     value is wrong: the message names file, key, what was found and what is expected
   */
  public static ModelDescriptor read(Path card) throws IOException {
    return CardFinder.read(card);
  }

  /**
   * Reads a card from a resource, for example in a jar.
   *
   * @param card the address of a {@code *.properties} file; the model's files lie relative to it
   * @return the card
   * @throws IOException as {@link #read(Path)}
   */
  public static ModelDescriptor read(URL card) throws IOException {
    return CardFormat.read(card);
  }

  /**
   * Writes this card. Reading it again gives an equal one.
   *
   * @param card the file to write, whole or not at all; the model's files must lie in its folder or
   *     below
   * @throws IOException if the card cannot be written
   * @throws IllegalArgumentException if a file of the model lies elsewhere, or the palette is not
   *     one of {@link Palette}'s own
   */
  public void write(Path card) throws IOException {
    CardFormat.write(this, card);
  }

  /**
   * Finds the model's file of one format.
   *
   * @param format the format
   * @return the file, if the model has one
   */
  public Optional<ModelFile> file(ModelFormat format) {
    return files.stream().filter(file -> file.format().equals(format)).findFirst();
  }

  /**
   * Starts a card.
   *
   * @param name the model's name
   * @param input how an image becomes its input
   * @param output how its output becomes a mask
   * @param labels the names of its classes
   * @return a builder
   */
  public static Builder builder(String name, InputSpec input, OutputSpec output, LabelMap labels) {
    return new Builder(name, input, output, labels);
  }

  /** Builds a {@link ModelDescriptor}. */
  public static final class Builder {
    private final String name;
    private final InputSpec input;
    private final OutputSpec output;
    private final LabelMap labels;
    private final List<ModelFile> files = new ArrayList<>();
    private String description = "";
    private String license = "";
    private String source = "";
    private Palette palette = Palette.voc();

    private Builder(String name, InputSpec input, OutputSpec output, LabelMap labels) {
      this.name = Objects.requireNonNull(name, "name");
      this.input = Objects.requireNonNull(input, "input");
      this.output = Objects.requireNonNull(output, "output");
      this.labels = Objects.requireNonNull(labels, "labels");
    }

    /**
     * Adds the network in one format.
     *
     * @param file the file
     * @return this builder
     */
    public Builder file(ModelFile file) {
      files.add(Objects.requireNonNull(file, "file"));
      return this;
    }

    /**
     * Adds the network in one format, without a hash to check.
     *
     * @param format the file's format
     * @param file the file
     * @return this builder
     */
    public Builder file(ModelFormat format, Path file) {
      return file(new ModelFile(format, file.toUri(), Optional.empty()));
    }

    /**
     * Sets what the model is.
     *
     * @param description a sentence
     * @return this builder
     */
    public Builder description(String description) {
      this.description = Objects.requireNonNull(description, "description");
      return this;
    }

    /**
     * Sets the licence.
     *
     * @param license an SPDX identifier where there is one
     * @return this builder
     */
    public Builder license(String license) {
      this.license = Objects.requireNonNull(license, "license");
      return this;
    }

    /**
     * Sets where the model comes from.
     *
     * @param source an address or a name
     * @return this builder
     */
    public Builder source(String source) {
      this.source = Objects.requireNonNull(source, "source");
      return this;
    }

    /**
     * Sets the colours, {@link Palette#voc()} unless set.
     *
     * @param palette the colours
     * @return this builder
     */
    public Builder palette(Palette palette) {
      this.palette = Objects.requireNonNull(palette, "palette");
      return this;
    }

    /**
     * Builds the card.
     *
     * @return the card
     * @throws IllegalArgumentException if there is no file, or something contradicts
     */
    public ModelDescriptor build() {
      return new ModelDescriptor(
          name, description, license, source, files, input, output, labels, palette);
    }
  }
}
