package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.FloatTensor;
import io.github.pixelwise.InputSpec;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFile;
import io.github.pixelwise.ModelInput;
import io.github.pixelwise.OutputSize;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SizeRule;
import io.github.pixelwise.awt.Images;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import io.github.pixelwise.spi.SessionOptions;
import io.github.pixelwise.zoo.BgrLabPreprocessor;
import io.github.pixelwise.zoo.convert.Conversion;
import io.github.pixelwise.zoo.network.Network;
import io.github.pixelwise.zoo.network.NetworkOptions;
import io.github.pixelwise.zoo.network.Networks;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.zip.ZipFile;

/**
 * A network whose weights and scores PyTorch has written, {@code zoo_golden.py} tells in which
 * files: converted, and run on every engine.
 *
 * @param folder where the files are
 * @param name the network's name in PyTorch
 * @param width the input's width
 * @param height the input's height
 * @param stride the encoder's stride, where the network lets it be chosen
 */
record ZooProof(Path folder, Properties index, String name, int width, int height, int stride) {
  /** The most that scores may differ, as a share of their range. */
  private static final double SCORES = 1e-3;

  /** The share of pixels that must have the same class. */
  private static final double SAME = 0.999;

  private static final int SEPARABLE_CHANNELS = 6;

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

  private Network network() {
    NetworkOptions options =
        NetworkOptions.ofClasses(Integer.parseInt(property("classes")))
            .withWidth(Double.parseDouble(property("width")));
    if (width % 16 != 0 || height % 16 != 0) {
      options = options.withSize(SizeRule.longEdge(512));
    }
    if (name.startsWith("deeplabv3plus") && !name.endsWith("light")) {
      options = options.withOutputStride(stride);
    }
    return Networks.of(name.replace('_', '-'), options);
  }

  /** Converts the network, runs it on every engine, and compares. */
  void check(Path work) throws IOException {
    Network network = network();
    ModelDescriptor model = Conversion.of(network, folder.resolve(name + ".pth")).write(work);
    InputSpec input = asGiven(network);
    Preprocessor preprocessor =
        network.layers().get(0).channels() == SEPARABLE_CHANNELS
            ? BgrLabPreprocessor.from(input)
            : Preprocessor.from(input);
    RgbImage photo = Images.read(Path.of("../examples/photos/chelsea.png"));
    ModelInput prepared = preprocessor.prepare(photo);
    ModelDescriptor sized = withInput(model, input);
    for (BackendProvider backend : Catalog.load().backends()) {
      double difference = scoreDifference(backend, sized, prepared);
      double same = sameCategories(backend, sized, preprocessor, photo);
      System.out.printf(
          Locale.ROOT,
          "zoo | %s | %s | %s | %.1e | %.3f %%%n",
          name,
          words(),
          backend.name(),
          difference,
          100 * same);
      assertThat(difference).as("%s: scores", backend.name()).isLessThanOrEqualTo(SCORES);
      assertThat(same).as("%s: categories", backend.name()).isGreaterThanOrEqualTo(SAME);
    }
  }

  /**
   * What PyTorch was given, whatever the network's own card says: ImageNet's mean and deviation.
   */
  private InputSpec asGiven(Network network) {
    InputSpec own = network.input();
    SizeRule size = SizeRule.fixed(width, height);
    return network.layers().get(0).channels() == SEPARABLE_CHANNELS
        ? own
        : InputSpec.builder(own.name(), size).imageNet().build();
  }

  private static ModelDescriptor withInput(ModelDescriptor model, InputSpec input) {
    return new ModelDescriptor(
        model.name(),
        model.description(),
        model.license(),
        model.source(),
        model.files(),
        input,
        model.output(),
        model.labels(),
        model.palette());
  }

  /** The largest difference of scores, as a share of PyTorch's range. */
  private double scoreDifference(BackendProvider backend, ModelDescriptor model, ModelInput input)
      throws IOException {
    ModelFile file = model.file(backend.formats().get(0)).orElseThrow();
    FloatTensor scores;
    try (InferenceSession session =
        backend.open(model, file.format(), Path.of(file.location()), SessionOptions.DEFAULT)) {
      scores = session.run(input.tensor());
    }
    FloatBuffer expected =
        ByteBuffer.wrap(entry("scores")).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    FloatBuffer found = scores.buffer();
    int channels = scores.side(1);
    int gridHeight = scores.side(2);
    int gridWidth = scores.side(3);
    // Networks that end at the input's size have every fifth row and column noted.
    int step = model.output().stride() == 1 ? 5 : 1;
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    double difference = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < gridHeight; y += step) {
        for (int x = 0; x < gridWidth; x += step) {
          float wanted = expected.get();
          low = Math.min(low, wanted);
          high = Math.max(high, wanted);
          float score = found.get((channel * gridHeight + y) * gridWidth + x);
          difference = Math.max(difference, Math.abs(score - wanted));
        }
      }
    }
    assertThat(expected.remaining()).as("scores not compared").isZero();
    return difference / (high - low);
  }

  /** The share of the input's pixels that have PyTorch's class. */
  private double sameCategories(
      BackendProvider backend, ModelDescriptor model, Preprocessor preprocessor, RgbImage photo)
      throws IOException {
    CategoryMask mask;
    try (Segmenter segmenter =
        Segmenter.builder()
            .model(model)
            .backend(backend.name())
            .preprocessor(preprocessor)
            .open()) {
      mask =
          segmenter
              .segment(photo, SegmentationOptions.MASK_ONLY.withOutputSize(OutputSize.MODEL))
              .mask();
    }
    byte[] expected = entry("categories");
    assertThat(expected).hasSize(mask.width() * mask.height());
    int same = 0;
    for (int i = 0; i < expected.length; i++) {
      same += mask.category(i % mask.width(), i / mask.width()) == expected[i] ? 1 : 0;
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
