package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnxruntime.OrtEnvironment;
import io.github.pixelwise.Device;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.internal.card.CardWriter;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.quantization.Operators.Weighted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Quantizes a model after training: weights become signed bytes with a scale for each output
 * channel, and the tensors between layers unsigned bytes whose ranges are taken from photos.
 *
 * <pre>{@code
 * QuantizedModel small =
 *     Quantization.of(Catalog.load().model(Segmenter.DEFAULT_MODEL)).photos(photos).quantize();
 * System.out.println(small.agreement());
 * ModelCard card = small.write(Path.of("models"));
 * }</pre>
 *
 * <p>The file is ONNX with QuantizeLinear and DequantizeLinear. The same model, photos, and engine
 * always give the same bytes. Needs ONNX Runtime. Not safe for use by several threads.
 */
public final class Quantization {
  /** Operator set 13 has scales for each channel; for older ones ONNX Runtime has its own. */
  private static final int WITH_AXIS = 13;

  /** With fewer of the weights in integers, a network would hardly be smaller. */
  private static final double LEAST_SHARE = 0.5;

  private static final String MICROSOFT = "com.microsoft";

  private final ModelCard model;
  private List<Path> photos = List.of();
  private int mostPhotos = 100;
  private Calibration calibration = Calibration.MIN_MAX;
  private double percentile = 99.99;
  private double minAgreement = QuantizedModel.MIN_AGREEMENT;
  private String name;
  private Consumer<String> notes = note -> {};

  private Quantization(ModelCard model) {
    this.model = model;
    this.name = requireName(model.name().replaceAll("[^A-Za-z0-9._-]+", "-") + "-int8");
  }

  /**
   * Starts a quantization.
   *
   * @param model a model with an ONNX file in float32, or with float16 weights that are widened
   *     when it runs
   * @return a quantization with default values
   * @throws QuantizationException if the model has no ONNX file
   */
  public static Quantization of(ModelCard model) {
    return new Quantization(Objects.requireNonNull(model, "model"));
  }

  /**
   * Sets the photos that ranges are taken from: 20 or more like those that will be segmented. Of 10
   * or more, every fifth is held out, and the masks are compared on those. Photos that cannot be
   * read and those of a single color are left out, with a note.
   *
   * @param photos image files, in an order that stays the same
   * @return this quantization
   */
  public Quantization photos(List<Path> photos) {
    this.photos = List.copyOf(photos);
    return this;
  }

  /**
   * Sets how many photos to use at most, evenly chosen. The default is 100.
   *
   * @param most how many, at least 1
   * @return this quantization
   * @throws IllegalArgumentException if it is less
   */
  public Quantization mostPhotos(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("the number of photos must be at least 1, found " + most);
    }
    this.mostPhotos = most;
    return this;
  }

  /**
   * Sets how ranges are taken. The default is {@link Calibration#MIN_MAX}.
   *
   * @param calibration the method
   * @return this quantization
   */
  public Quantization method(Calibration calibration) {
    this.calibration = Objects.requireNonNull(calibration, "calibration");
    return this;
  }

  /**
   * Sets how many percent of a tensor's values {@link Calibration#PERCENTILE} keeps. The default is
   * 99.99: one value in 20,000 is cut off at each end.
   *
   * @param percentile above 50, up to 100
   * @return this quantization
   * @throws IllegalArgumentException if it is anything else
   */
  public Quantization percentile(double percentile) {
    if (!(percentile > 50 && percentile <= 100)) {
      throw new IllegalArgumentException(
          "the percentile must be above 50 and at most 100, found " + percentile);
    }
    this.percentile = percentile;
    return this;
  }

  /**
   * Sets how many percent of the pixels should keep their class. While fewer do, the network is
   * made again with more of its first layers left in float: 2, 4, and so on, as long as half of the
   * weights are used in integers. What is rounded in these layers goes through the whole network.
   * The best of these networks is the result. The default is {@link QuantizedModel#MIN_AGREEMENT}.
   *
   * @param percent 0 to 100; with 0 the network is made once, with only its first layer and its
   *     last convolutions left as they were
   * @return this quantization
   * @throws IllegalArgumentException if it is anything else
   */
  public Quantization minAgreement(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "the least agreement must be 0 to 100 percent, found " + percent);
    }
    this.minAgreement = percent;
    return this;
  }

  /**
   * Sets the model's name, which its files also have. The default is the model's with {@code
   * -int8}.
   *
   * @param name the name: letters, digits, dots, hyphens, and underscores
   * @return this quantization
   * @throws IllegalArgumentException if it has other characters or starts with a dot
   */
  public Quantization name(String name) {
    this.name = requireName(name);
    return this;
  }

  private static String requireName(String name) {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "a model's name may contain letters, digits, dots, hyphens and underscores and must not start with a dot, found \"%s\""
              .formatted(name));
    }
    return name;
  }

  /**
   * Sets who is told about photos that are left out, and about what is done. Called by the thread
   * that calls {@link #quantize}.
   *
   * @param notes takes a sentence without its final period
   * @return this quantization
   */
  public Quantization onNote(Consumer<String> notes) {
    this.notes = Objects.requireNonNull(notes, "notes");
    return this;
  }

  /**
   * Takes the ranges, makes the int8 network, and compares its masks with those of the float model.
   *
   * @return the quantized model, not yet written
   * @throws QuantizationException if the model cannot be quantized, or not with these photos
   * @throws io.github.pixelwise.ModelLoadException if the model cannot be opened
   * @throws IOException if a file cannot be read, temporary files cannot be written, or the thread
   *     is interrupted; its interrupt status is kept
   */
  public QuantizedModel quantize() throws IOException {
    Path file = FloatNetwork.file(model);
    Photos chosen = Photos.of(photos, mostPhotos, notes);
    Path folder = Files.createTempDirectory("pixelwise-int8-");
    try (Segmenter before = open(model)) { // starts ONNX Runtime
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      ModelProto network = FloatNetwork.read(model, file, environment, folder);
      Graph graph = new Graph(network.getGraph());
      Placement placement = Placement.of(graph, 1);
      requireWeights(placement);
      notes.accept(
          "calibrating on %s (%s)".formatted(Photos.count(chosen.calibration()), describe()));
      ChannelMeans means = new ChannelMeans(placement.inputChannels());
      Observations observations =
          new Observations(
              new Activations(network, environment, folder),
              inputs(before, chosen.calibration()),
              means);
      QuantizedModel best = null;
      for (int first = 2; ; first *= 2) {
        Ranges ranges =
            Ranges.of(
                observations,
                placement,
                Equalization.of(graph, placement),
                calibration == Calibration.MIN_MAX ? 100 : percentile);
        QdqGraph small =
            new QdqGraph(network.getGraph(), placement, ranges, means, domain(network));
        byte[] bytes = write(network, small);
        Files.write(folder.resolve(name + ".onnx"), bytes);
        notes.accept("comparing masks on %s".formatted(Photos.count(chosen.check())));
        double unchanged;
        try (Segmenter after = openSmall(card(QuantizedModel.file(folder, name, bytes)))) {
          Agreement agreement = MaskComparison.of(before, after, chosen);
          unchanged = 100 * agreement.unchanged();
          if (best == null || agreement.unchanged() > best.agreement().unchanged()) {
            best =
                new QuantizedModel(
                    after.model(),
                    bytes,
                    size(file),
                    agreement,
                    minAgreement,
                    layers(graph, placement));
          }
        }
        placement = Placement.of(graph, first);
        if (unchanged >= minAgreement || placement.share() < LEAST_SHARE) {
          return best;
        }
        notes.accept(
            String.format(
                Locale.ROOT,
                "%.2f %% of the pixels are unchanged; trying again with the first %d layers in"
                    + " float32",
                unchanged,
                first));
      }
    } finally {
      delete(folder);
    }
  }

  private void requireWeights(Placement placement) {
    if (placement.weighted().stream().noneMatch(Weighted::computes)) {
      throw new QuantizationException(
          ("model %s: there is nothing to quantize: its network has no Conv, MatMul, or Gemm with"
                  + " constant float32 weights after the first one and before the last convolution."
                  + " If it computes in float16, quantize the float32 one.")
              .formatted(model.name()));
    }
  }

  /** ONNX Runtime alone runs QDQ networks in integers, and its integers are the CPU's. */
  private static Segmenter open(ModelCard model) {
    return Segmenter.builder().model(model).backend("onnx").device(Device.CPU).open();
  }

  private Segmenter openSmall(ModelCard small) {
    try {
      return open(small);
    } catch (ModelLoadException e) {
      throw new QuantizationException(
          ("model %s: ONNX Runtime does not run the int8 network that was made of it, so nothing"
                  + " was written. The model itself is not at fault: use it in float32, and report"
                  + " this with it. ONNX Runtime says: %s")
              .formatted(model.name(), e.getMessage()),
          e);
    }
  }

  private static Activations.Inputs inputs(Segmenter segmenter, List<Path> photos) {
    return new Activations.Inputs() {
      @Override
      public int count() {
        return photos.size();
      }

      @Override
      public FloatTensor input(int photo) throws IOException {
        return segmenter.prepare(Images.read(photos.get(photo))).get(0).tensor();
      }

      @Override
      public String name(int photo) {
        return photos.get(photo).toString();
      }
    };
  }

  private static String domain(ModelProto network) {
    return FloatNetwork.operatorSet(network) < WITH_AXIS ? MICROSOFT : "";
  }

  private byte[] write(ModelProto network, QdqGraph graph) {
    ModelProto.Builder quantized =
        network.toBuilder()
            .setProducerName("Pixelwise")
            .clearProducerVersion()
            .setGraph(graph.write());
    String domain = domain(network);
    if (network.getOpsetImportList().stream().noneMatch(o -> o.getDomain().equals(domain))) {
      quantized.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1));
    }
    return withCard(quantized).build().toByteArray();
  }

  /** Stores the card's values in the file, as converted networks have them. */
  private ModelProto.Builder withCard(ModelProto.Builder network) {
    ModelFile itself = new ModelFile(ModelFormat.ONNX, Path.of(name).toUri(), Optional.empty());
    Map<String, String> values = new LinkedHashMap<>();
    network.getMetadataPropsList().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    values.putAll(CardWriter.describe(card(itself)));
    network.clearMetadataProps();
    values.forEach(
        (key, value) ->
            network.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return network;
  }

  private ModelCard card(ModelFile file) {
    ModelCard.Builder card =
        ModelCard.builder(name, model.input(), model.output(), model.labels())
            .description(description())
            .license(model.license())
            .source(model.source())
            .palette(model.palette());
    return card.files(List.of(file)).build();
  }

  private String description() {
    String before = model.description();
    String end = before.isEmpty() || before.endsWith(".") ? "" : ".";
    return (before + end + " Quantized to int8 (" + describe() + ").").strip();
  }

  private String describe() {
    return calibration == Calibration.MIN_MAX ? "min-max" : "percentile " + percentile;
  }

  private static List<String> layers(Graph graph, Placement placement) {
    Operators operators = new Operators(graph);
    Map<String, Integer> counts = new TreeMap<>();
    for (NodeProto node : graph.nodes()) {
      if (operators.weighted(node).isPresent()) {
        counts.merge(
            node.getOpType()
                + placement.weighted(node).map(Quantization::kind).orElse(" in float32"),
            1,
            Integer::sum);
      }
    }
    List<String> lines = new ArrayList<>();
    counts.forEach((what, count) -> lines.add(count + " " + what));
    return lines;
  }

  private static String kind(Weighted weighted) {
    return weighted.computes() ? " in int8" : " in float32 with int8 weights";
  }

  private static long size(Path network) throws IOException {
    long size = Files.size(network);
    for (String weights : Set.copyOf(ExternalWeights.of(network))) {
      size += Files.size(ExternalWeights.locate(network, weights));
    }
    return size;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
