package io.github.pixelwise.model;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.card.CardFinder;
import io.github.pixelwise.internal.card.CardReader;
import io.github.pixelwise.internal.card.CardValues;
import io.github.pixelwise.internal.card.CardWriter;
import io.github.pixelwise.internal.card.OutputRules;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A model card: everything needed to run a network and to interpret its output. Immutable, compared
 * by content.
 *
 * <p>Its file form is a plain {@code *.properties} file beside the model; {@code
 * docs/model-card.md} lists the keys.
 */
public final class ModelCard {

  private final String name;
  private final String description;
  private final String license;
  private final String source;
  private final List<ModelFile> files;
  private final InputSpec input;
  private final OutputSpec output;
  private final LabelMap labels;
  private final Palette palette;

  private ModelCard(
      String name,
      String description,
      String license,
      String source,
      List<ModelFile> files,
      InputSpec input,
      OutputSpec output,
      LabelMap labels,
      Palette palette) {
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
          "model " + name + " has more than one file of the same format: " + files);
    }
    requireTwo(output.kind(), labels);
    OutputRules.checked(output, input);
    this.name = name;
    this.description = description;
    this.license = license;
    this.source = source;
    this.files = files;
    this.input = input;
    this.output = output;
    this.labels = labels;
    this.palette = palette;
  }

  private static void requireTwo(OutputKind kind, LabelMap labels) {
    if (kind.isBinary() && labels.size() != 2) {
      throw new IllegalArgumentException(
          "an output of the kind %s decides between two classes, such as background and %s; found %d labels: %s"
              .formatted(
                  CardValues.word(kind),
                  labels.name(labels.size() - 1),
                  labels.size(),
                  String.join(", ", labels.names())));
    }
    if (kind != OutputKind.CATEGORIES && labels.size() == 1) {
      throw new IllegalArgumentException(
          ("an output of the kind %s has one channel for each of two or more classes, found only "
                  + "the label %s. For a network with one channel, use the kind binary-logits, "
                  + "or sigmoid if its values are in 0..1, and two labels: background, %2$s.")
              .formatted(CardValues.word(kind), labels.name(0)));
    }
  }

  /**
   * Reads a card.
   *
   * @param card a {@code *.properties} file; a folder that contains exactly one; or a network, a
   *     {@code .onnx}, {@code .pt} or {@code .torchscript} file, with a card of the same name
   *     beside it that names the file. Paths on the card are relative to the card.
   * @return the card, with only that file if a network was given; the model's files are not opened
   * @throws IOException if the card cannot be read, lacks a key, or has an unknown key or a wrong
   *     value; the message names the file, the key, what was found and what was expected
   */
  public static ModelCard read(Path card) throws IOException {
    return CardFinder.read(card);
  }

  /**
   * Reads a card from a resource, for example in a jar.
   *
   * @param card the address of a {@code *.properties} file; paths on the card are relative to it
   * @return the card
   * @throws IOException as for {@link #read(Path)}
   */
  public static ModelCard read(URL card) throws IOException {
    return CardReader.read(card);
  }

  /**
   * Writes this card. Reading the file gives an equal card.
   *
   * @param card the file, which is written completely or not at all; the model's files must be in
   *     its folder or below
   * @throws IOException if the card cannot be written
   * @throws IllegalArgumentException if a file of the model is elsewhere, or the palette was not
   *     made by {@link Palette}
   */
  public void write(Path card) throws IOException {
    CardWriter.write(this, card);
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

  /** {@return the model's name} */
  public String name() {
    return name;
  }

  /** {@return what it is, in a sentence; may be empty} */
  public String description() {
    return description;
  }

  /** {@return its license, as an SPDX identifier if there is one; may be empty} */
  public String license() {
    return license;
  }

  /** {@return where it comes from; may be empty} */
  public String source() {
    return source;
  }

  /** {@return the network, in one format or several} */
  public List<ModelFile> files() {
    return files;
  }

  /** {@return how an image becomes its input} */
  public InputSpec input() {
    return input;
  }

  /** {@return how its output becomes a mask} */
  public OutputSpec output() {
    return output;
  }

  /** {@return the names of its classes} */
  public LabelMap labels() {
    return labels;
  }

  /** {@return their colors} */
  public Palette palette() {
    return palette;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelCard that
        && name.equals(that.name)
        && description.equals(that.description)
        && license.equals(that.license)
        && source.equals(that.source)
        && files.equals(that.files)
        && input.equals(that.input)
        && output.equals(that.output)
        && labels.equals(that.labels)
        && palette.equals(that.palette);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, description, license, source, files, input, output, labels, palette);
  }

  @Override
  public String toString() {
    return "ModelCard[name=%s, description=%s, license=%s, source=%s, files=%s, input=%s, output=%s, labels=%s, palette=%s]"
        .formatted(name, description, license, source, files, input, output, labels, palette);
  }

  /** {@return a builder set to this card} */
  public Builder toBuilder() {
    return builder(name, input, output, labels)
        .files(files)
        .description(description)
        .license(license)
        .source(source)
        .palette(palette);
  }

  /** Builds a {@link ModelCard}. */
  public static final class Builder {
    private final String name;
    private InputSpec input;
    private OutputSpec output;
    private LabelMap labels;
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
     * Replaces how an image becomes the network's input.
     *
     * @param input the input
     * @return this builder
     */
    public Builder input(InputSpec input) {
      this.input = Objects.requireNonNull(input, "input");
      return this;
    }

    /**
     * Replaces how the network's output becomes a mask.
     *
     * @param output the output
     * @return this builder
     */
    public Builder output(OutputSpec output) {
      this.output = Objects.requireNonNull(output, "output");
      return this;
    }

    /**
     * Replaces the names of the classes.
     *
     * @param labels the names
     * @return this builder
     */
    public Builder labels(LabelMap labels) {
      this.labels = Objects.requireNonNull(labels, "labels");
      return this;
    }

    /**
     * Replaces the network's files.
     *
     * @param files one file per format
     * @return this builder
     */
    public Builder files(List<ModelFile> files) {
      this.files.clear();
      this.files.addAll(files);
      return this;
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
     * Sets the license.
     *
     * @param license an SPDX identifier if there is one
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
     * Sets the colors; the default is {@link Palette#voc()}.
     *
     * @param palette the colors
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
     * @throws IllegalArgumentException if there is no file, or the parts of the card contradict
     *     each other
     */
    public ModelCard build() {
      return new ModelCard(
          name, description, license, source, files, input, output, labels, palette);
    }
  }
}
