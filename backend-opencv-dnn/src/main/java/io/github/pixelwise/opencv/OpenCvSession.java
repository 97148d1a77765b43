package io.github.pixelwise.opencv;

import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.internal.plugin.MemoryShortage;
import io.github.pixelwise.internal.plugin.SlowStep;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import io.github.pixelwise.spi.InferenceSession;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;

/**
 * An ONNX file, imported by OpenCV once for each shape of input: its importer works out the sides
 * of all values between the nodes, and refuses a network that leaves those of its input open as
 * soon as their arithmetic is more than a chain of convolutions.
 */
final class OpenCvSession implements InferenceSession {
  private static final String ADVICE =
      "Export it for a fixed input size, by an older opset or without that operator, or choose"
          + " another backend.";

  /** Owned; closed by {@link #close}. The bytes behind the {@link OnnxFile}. */
  private final BytePointer bytes;

  /** Owned; closed by {@link #close}. */
  private final NetPool nets;

  private final ModelCard model;
  private final OnnxFile.Value input;
  private final String output;
  private final RuntimeInfo runtime;

  private OpenCvSession(
      BytePointer bytes,
      NetPool nets,
      ModelCard model,
      OnnxFile.Value input,
      String output,
      RuntimeInfo runtime) {
    this.bytes = bytes;
    this.nets = nets;
    this.model = model;
    this.input = input;
    this.output = output;
    this.runtime = runtime;
  }

  static OpenCvSession open(ModelCard model, Path file, RuntimeInfo runtime) throws IOException {
    BytePointer bytes = read(file);
    try {
      OnnxFile network = parse(model, file, buffer(bytes));
      OnnxFile.Value input = input(network, model, file);
      String output = output(network, model, file);
      NetPool nets = new NetPool(shape -> load(network, file, shape), limit(bytes));
      OpenCvSession session = new OpenCvSession(bytes, nets, model, input, output, runtime);
      session.importOnce(file);
      return session;
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private static SizedNet load(OnnxFile network, Path file, int[] shape) throws IOException {
    return SlowStep.watch(
        ("OpenCV has been importing %s for an input of %s for five seconds. It imports again for"
                + " each input size; backend onnx does not")
            .formatted(file, describe(Arrays.stream(shape).asLongStream().boxed().toList())),
        () -> SizedNet.load(network, shape));
  }

  private static int limit(BytePointer bytes) {
    return NetPool.limit(bytes.capacity(), Runtime.getRuntime().availableProcessors());
  }

  private static BytePointer read(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      if (in.size() > Integer.MAX_VALUE) {
        throw new IOException("it has %d bytes, and ONNX files at most 2 GiB".formatted(in.size()));
      }
      BytePointer bytes = new BytePointer(in.size());
      ByteBuffer buffer = buffer(bytes);
      try {
        while (buffer.hasRemaining()) {
          if (in.read(buffer) < 0) {
            throw new EOFException("it became shorter while it was read");
          }
        }
        return bytes;
      } catch (IOException | RuntimeException e) {
        bytes.close();
        throw e;
      }
    }
  }

  private static ByteBuffer buffer(BytePointer bytes) {
    // JavaCPP makes a buffer of one byte of none.
    return bytes.asByteBuffer().limit((int) bytes.capacity());
  }

  private static OnnxFile parse(ModelCard model, Path file, ByteBuffer bytes) {
    try {
      OnnxFile network = new OnnxFile(bytes);
      List<String> elsewhere = ExternalWeights.of(bytes);
      if (!elsewhere.isEmpty()) {
        throw new ModelLoadException(
            ("model %s: backend opencv-dnn cannot open %s: its weights are in files beside it, such as"
                    + " %s. Export it as one file, or choose backend onnx.")
                .formatted(model.name(), file, elsewhere.get(0)));
      }
      return network;
    } catch (IOException e) {
      throw new ModelLoadException(
          ("model %s: backend opencv-dnn cannot open %s: it is damaged or no ONNX model: %s. Download"
                  + " it again, or take the model's ONNX file.")
              .formatted(model.name(), file, e.getMessage()),
          e);
    }
  }

  /** The input, as the card names it or the only one: a tensor of floats. */
  private static OnnxFile.Value input(OnnxFile network, ModelCard model, Path file) {
    String wanted = model.input().name();
    List<OnnxFile.Value> inputs = network.inputs();
    if (inputs.size() != 1 || !(wanted.isEmpty() || inputs.get(0).name().equals(wanted))) {
      throw new ModelLoadException(
          "model %s: backend opencv-dnn needs one input%s, found %s in %s. %s"
              .formatted(
                  model.name(),
                  wanted.isEmpty() ? "" : " of the name \"" + wanted + "\"",
                  names(inputs),
                  file,
                  inputs.size() == 1
                      ? "Correct the input's name (input.name on a card)."
                      : "A network of several inputs cannot be used."));
    }
    OnnxFile.Value input = inputs.get(0);
    if (!OnnxFile.FLOATS.contains(input.type())) {
      // Its importer takes no notice of types: whole numbers would be divided with fractions.
      throw new ModelLoadException(
          ("model %s: backend opencv-dnn computes with floats alone, and the input \"%s\" of %s is of"
                  + " whole numbers or none (ONNX type %d). Choose backend onnx, or export it with an"
                  + " input of floats.")
              .formatted(model.name(), input.name(), file, input.type()));
    }
    return input;
  }

  /** The output, as the card names it or the only one. */
  private static String output(OnnxFile network, ModelCard model, Path file) {
    String wanted = model.output().name();
    List<OnnxFile.Value> outputs = network.outputs();
    if (wanted.isEmpty() && outputs.size() > 1) {
      throw new ModelLoadException(
          ("model %s: backend opencv-dnn found several outputs, %s, in %s. Name one"
                  + " of them in an OutputSpec (output.name on a card).")
              .formatted(model.name(), names(outputs), file));
    }
    String name = wanted.isEmpty() ? outputs.get(0).name() : wanted;
    OnnxFile.Value output =
        outputs.stream()
            .filter(value -> value.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        ("model %s: backend opencv-dnn needs the output \"%s\", found %s in %s."
                                + " Correct the output's name (output.name on a card).")
                            .formatted(model.name(), name, names(outputs), file)));
    if (output.type() == OnnxFile.NO_TENSOR) {
      throw new ModelLoadException(
          ("model %s: backend opencv-dnn needs the output \"%s\" of %s to be a tensor. Correct the"
                  + " output's name (output.name on a card).")
              .formatted(model.name(), name, file));
    }
    return name;
  }

  private static Set<String> names(List<OnnxFile.Value> values) {
    return values.stream().map(OnnxFile.Value::name).collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Imports the network for the input that the library tries a model with, so that one that cannot
   * be imported fails now. A card that asks for an input of another form fails at that trial.
   */
  private void importOnce(Path file) throws IOException {
    InputSpec spec = model.input();
    ImageGeometry trial = spec.geometry(spec.size().kind() == SizeRule.Kind.LONG_EDGE ? 4 : 1, 1);
    int width = trial.inputWidth();
    int height = trial.inputHeight();
    int images = fixedBatch() ? maxBatch() : 1;
    int[] shape =
        spec.layout() == TensorLayout.NCHW
            ? new int[] {images, 3, height, width}
            : new int[] {images, height, width, 3};
    if (!fits(shape)) {
      return;
    }
    try {
      nets.prepare(shape);
    } catch (RuntimeException e) {
      throw new ModelLoadException(
          "model %s: backend opencv-dnn cannot import %s for an input of %s: %s. %s"
              .formatted(
                  model.name(),
                  file,
                  describe(Arrays.stream(shape).asLongStream().boxed().toList()),
                  OpenCvError.describe(e),
                  advice(e)),
          e);
    }
  }

  private static String advice(Exception e) {
    return MemoryShortage.isIn(e) ? MemoryShortage.advice(e) + "." : ADVICE;
  }

  private boolean fits(int[] shape) {
    List<Long> sides = input.sides();
    boolean fits = sides.isEmpty() || shape.length == sides.size();
    for (int axis = 0; fits && axis < sides.size(); axis++) {
      fits = sides.get(axis) == OnnxFile.FREE || sides.get(axis) == shape[axis];
    }
    return fits;
  }

  @Override
  public FloatTensor run(FloatTensor images) {
    if (!fits(images.shape())) {
      throw new InferenceException(
          ("model %s: the input \"%s\" of its network is %s, and backend opencv-dnn was given %s."
                  + " Correct the input's size or layout (input.size, input.layout on a card), or"
                  + " export the network with dynamic axes. It must take images of three channels:"
                  + " before one of a single channel put what turns RGB into gray.")
              .formatted(model.name(), input.name(), describe(input.sides()), images));
    }
    try {
      return nets.run(images, output);
    } catch (IOException | RuntimeException e) {
      throw new InferenceException(
          "model %s: backend opencv-dnn failed on an input of %s: %s. %s"
              .formatted(
                  model.name(),
                  images,
                  e instanceof RuntimeException error ? OpenCvError.describe(error) : e,
                  advice(e)),
          e);
    }
  }

  private static String describe(List<Long> sides) {
    return sides.stream()
        .map(side -> side == OnnxFile.FREE ? "?" : Long.toString(side))
        .collect(Collectors.joining(" x ", "[", "]"));
  }

  @Override
  public int maxBatch() {
    return fixedBatch() ? Math.toIntExact(input.sides().get(0)) : Integer.MAX_VALUE;
  }

  @Override
  public boolean fixedBatch() {
    return !input.sides().isEmpty() && input.sides().get(0) != OnnxFile.FREE;
  }

  @Override
  public boolean concurrent() {
    return true;
  }

  @Override
  public RuntimeInfo runtime() {
    return runtime;
  }

  @Override
  public void close() {
    nets.close();
    bytes.close();
  }
}
