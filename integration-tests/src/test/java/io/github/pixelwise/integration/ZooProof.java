package io.github.pixelwise.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationOptions.OutputSize;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.ZipFile;

/**
 * Converts a network and runs it on every engine. PyTorch has written its weights and scores;
 * {@code zoo_golden.py} and {@code transformers_golden.py} describe the files.
 *
 * @param folder where the files are
 * @param name the network's name in PyTorch
 * @param width the input's width
 * @param height the input's height
 * @param stride the encoder's stride, if the network has a choice
 */
record ZooProof(Path folder, Properties index, String name, int width, int height, int stride) {
  /** The most that scores may differ, as a share of their range. */
  static final double SCORES = 1e-3;

  /** The share of pixels that must have the same class. */
  static final double SAME = 0.999;

  static Properties index(Path file) throws IOException {
    Properties index = new Properties();
    try (Reader in = Files.newBufferedReader(file, ISO_8859_1)) {
      index.load(in);
    }
    return index;
  }

  static ZooProof of(Path folder, Properties index, String name, String words) {
    String[] parts = words.split("[x@]", -1);
    return new ZooProof(
        folder,
        index,
        name,
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]));
  }

  private String words() {
    return "%dx%d@%d".formatted(width, height, stride);
  }

  private String property(String key) {
    return index.getProperty(name + "." + key);
  }

  Network network() {
    int remainder = name.endsWith("refined") ? 1 : 0;
    // Networks accept sides that do not fit their size rule if they are converted with free sides.
    return network(
        width % 16 == remainder && height % 16 == remainder
            ? Optional.empty()
            : Optional.of(SizeRule.longEdge(512)));
  }

  Network network(SizeRule size) {
    return network(Optional.of(size));
  }

  private Network network(Optional<SizeRule> size) {
    NetworkOptions options =
        NetworkOptions.ofClasses(Integer.parseInt(property("classes")))
            .withWidth(Double.parseDouble(property("width")));
    if (name.startsWith("deeplabv3plus") && !name.endsWith("refined")) {
      options = options.withOutputStride(stride);
    }
    if (size.isPresent()) {
      options = options.withSize(size.get());
    }
    return Networks.of(name.replace('_', '-'), options);
  }

  /** Starts the conversion of the network or a variant of it. */
  Conversion conversion(Network network) throws IOException {
    Path published = folder.resolve(name + ".safetensors");
    return Conversion.of(
        network, Files.exists(published) ? published : folder.resolve(name + ".pth"));
  }

  /** Converts the network, runs it on every engine, and compares. */
  void check(Path work) throws IOException {
    ModelCard model = conversion(network()).write(work);
    for (BackendProvider backend : Catalog.load().backends()) {
      agreement(model, backend, "scores").require(SCORES, SAME);
    }
  }

  /**
   * Runs a conversion of the network on an engine.
   *
   * @param golden the scores to compare with; categories are always PyTorch's in float32
   */
  Agreement agreement(ModelCard model, BackendProvider backend, String golden) throws IOException {
    FloatTensor scores = run(backend, model, photo(model).tensor());
    Agreement agreement =
        new Agreement(
            "%s | %s | %s".formatted(name, words(), backend.name()),
            difference(model, scores, 0, golden),
            sameCategories(backend, model));
    System.out.println("zoo | " + agreement);
    return agreement;
  }

  /**
   * The largest score difference if the photo is the first or the second of two images, as a share
   * of PyTorch's range.
   */
  double differenceInBatches(ModelCard model, BackendProvider backend, String golden)
      throws IOException {
    FloatTensor photo = photo(model).tensor();
    int channels = photo.side(1);
    float[] numbers = photo.toFloatArray();
    int length = numbers.length;
    float[] first = Arrays.copyOf(numbers, 2 * length);
    float[] second = new float[2 * length];
    System.arraycopy(numbers, 0, second, length, length);
    for (int i = 0; i < length; i++) {
      float other = -numbers[length - 1 - i];
      first[length + i] = other;
      second[i] = other;
    }
    FloatTensor ofFirst = run(backend, model, FloatTensor.of(first, 2, channels, height, width));
    FloatTensor ofSecond = run(backend, model, FloatTensor.of(second, 2, channels, height, width));
    assertThat(ofFirst.side(0)).isEqualTo(2);
    return Math.max(difference(model, ofFirst, 0, golden), difference(model, ofSecond, 1, golden));
  }

  /**
   * How far an engine agrees with PyTorch.
   *
   * @param difference the largest score difference, as a share of PyTorch's range
   * @param same the share of pixels with the same class
   */
  record Agreement(String what, double difference, double same) {
    void require(double most, double least) {
      assertThat(difference).as("%s: scores", what).isLessThanOrEqualTo(most);
      assertThat(same).as("%s: categories", what).isGreaterThanOrEqualTo(least);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s | %.1e | %.3f %%", what, difference, 100 * same);
    }
  }

  private boolean isSeparable() {
    return name.equals("separable_residual");
  }

  /**
   * PyTorch's input, which always uses ImageNet's mean and standard deviation, whatever the card
   * says.
   */
  private InputSpec asGiven(InputSpec own) {
    SizeRule size = SizeRule.fixed(width, height);
    return isSeparable() ? own : InputSpec.builder(own.name(), size).imageNet().build();
  }

  private Preprocessor preprocessor(ModelCard model) {
    return Catalog.load()
        .preprocessor(
            model.toBuilder().input(asGiven(model.input())).build(), Parallelism.common());
  }

  private static RgbImage picture() throws IOException {
    return Images.read(Path.of("../examples/photos/chelsea.png"));
  }

  private ModelInput photo(ModelCard model) throws IOException {
    return preprocessor(model).prepare(picture());
  }

  private static FloatTensor run(BackendProvider backend, ModelCard model, FloatTensor input) {
    ModelFile file = model.file(backend.formats().get(0)).orElseThrow();
    try (InferenceSession session =
        backend.open(
            BackendContext.builder(backend, model, file.format(), Path.of(file.location()))
                .build())) {
      return session.run(input);
    }
  }

  /** The largest score difference of one image, as a share of PyTorch's range. */
  private double difference(ModelCard model, FloatTensor scores, int image, String golden)
      throws IOException {
    // At the input's size, only every fifth row and column is recorded.
    int step = model.output().stride() == 1 ? 5 : 1;
    FloatBuffer expected =
        ByteBuffer.wrap(entry(golden)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    FloatBuffer found = scores.buffer();
    int channels = scores.side(1);
    int gridHeight = scores.side(2);
    int gridWidth = scores.side(3);
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    double difference = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < gridHeight; y += step) {
        for (int x = 0; x < gridWidth; x += step) {
          float wanted = expected.get();
          low = Math.min(low, wanted);
          high = Math.max(high, wanted);
          float score = found.get(((image * channels + channel) * gridHeight + y) * gridWidth + x);
          difference = Math.max(difference, Math.abs(score - wanted));
        }
      }
    }
    assertThat(expected.remaining()).as("scores not compared").isZero();
    return difference / (high - low);
  }

  /** The share of the input's pixels that have PyTorch's class. */
  double sameCategories(BackendProvider backend, ModelCard model) throws IOException {
    ModelCard sized = model.toBuilder().input(asGiven(model.input())).build();
    CategoryMask mask;
    try (Segmenter segmenter =
        Segmenter.builder()
            .model(sized)
            .backend(backend.name())
            .preprocessor(preprocessor(model))
            .open()) {
      mask =
          segmenter
              .segment(picture(), SegmentationOptions.MASK_ONLY.withOutputSize(OutputSize.MODEL))
              .mask();
    }
    byte[] expected = entry("categories");
    assertThat(expected).hasSize(mask.width() * mask.height());
    int same = 0;
    for (int i = 0; i < expected.length; i++) {
      same += mask.category(i % mask.width(), i / mask.width()) == (expected[i] & 0xFF) ? 1 : 0;
    }
    return same / (double) expected.length;
  }

  private byte[] entry(String entry) throws IOException {
    try (ZipFile zip = new ZipFile(folder.resolve(name + ".zip").toFile())) {
      return zip.getInputStream(zip.getEntry(words() + "/" + entry)).readAllBytes();
    }
  }

  @Override
  public String toString() {
    return name + " " + words();
  }
}
