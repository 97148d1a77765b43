package io.github.pixelwise.training.internal;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.pixelwise.Device;
import io.github.pixelwise.djl.PyTorch;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Parameter;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.network.convert.TorchScriptFile;
import io.github.pixelwise.network.convert.TrainingScript;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A network in training: its weights, their running statistics, and the optimizer's state, all in
 * PyTorch's memory until this is closed. Used by one thread at a time.
 */
public final class TrainableNetwork implements AutoCloseable {
  /**
   * How a network is trained.
   *
   * @param loss the source of the method {@code loss(self, scores: Tensor, targets: Tensor) ->
   *     Tensor} and of what it calls
   * @param optimizer the source of the method {@code update} and of what it calls
   * @param slots the number of the optimizer's tensors for each weight
   * @param frozen tells by a weight's name whether it stays as it is
   * @param fixedStatistics tells by a batch norm's name whether its statistics stay as they are
   * @param dropout whether dropout is on
   * @param auxiliaryWeight what the losses of auxiliary outputs are multiplied by
   * @param averaging the share of the old in a moving average of the weights; empty for none
   * @param precision the precision of convolutions
   */
  public record Settings(
      String loss,
      String optimizer,
      int slots,
      Predicate<String> frozen,
      Predicate<String> fixedStatistics,
      boolean dropout,
      double auxiliaryWeight,
      OptionalDouble averaging,
      Precision precision) {}

  private final PyTorch pyTorch;
  private final PtNDManager scope;
  private final PtSymbolBlock module;
  private final Settings settings;
  private final List<Parameter> trained = new ArrayList<>();
  private final NetworkTensors tensors;

  /** The gradients that wait for an update, and the scope that owns them. */
  private PtNDArray[] gradients = new PtNDArray[0];

  private @Nullable PtNDManager gradientScope;

  /** Memory for batches, used again and again. */
  private @Nullable ByteBuffer images;

  private @Nullable ByteBuffer targets;

  private TrainableNetwork(
      PyTorch pyTorch, Device device, Network network, Settings settings, Source start)
      throws IOException {
    this.pyTorch = pyTorch;
    this.settings = settings;
    scope =
        (PtNDManager)
            Engine.getEngine("PyTorch")
                .newBaseManager(
                    device.isCuda() ? ai.djl.Device.gpu(device.index()) : ai.djl.Device.cpu());
    try {
      TrainingScript script =
          TrainingScript.of(
              network, settings.fixedStatistics(), settings.dropout(), settings.precision());
      List<Boolean> wanted = new ArrayList<>();
      for (Parameter weight : script.weights()) {
        boolean learns = !settings.frozen().test(weight.name());
        wanted.add(learns);
        if (learns) {
          trained.add(weight);
        }
      }
      StepScript step =
          new StepScript(wanted, network.auxiliary().size(), settings.auxiliaryWeight());
      module =
          load(
              step.methods()
                  + script.method()
                  + settings.loss()
                  + settings.optimizer()
                  + OptimizerCode.CLIP
                  + OptimizerCode.ACCUMULATE
                  + OptimizerCode.AVERAGE);
      tensors = new NetworkTensors(scope, script, trained, settings, start);
    } catch (IOException | RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  /** Gives the values that a tensor starts with. */
  @FunctionalInterface
  public interface Source {
    /**
     * Returns the values of a tensor.
     *
     * @param name the parameter's name, after a prefix for the optimizer's tensors and averages
     * @param shape its shape
     */
    float[] values(String name, List<Integer> shape);
  }

  /**
   * Starts with weights; the optimizer's tensors are 0, averages are the weights.
   *
   * @param start the values by parameter name
   */
  public static TrainableNetwork start(
      Network network, Settings settings, Device device, Function<String, float[]> start)
      throws IOException {
    return open(network, settings, device, NetworkTensors.beginning(start));
  }

  /** Starts with what {@link #state} gave. */
  public static TrainableNetwork open(
      Network network, Settings settings, Device device, Source start) throws IOException {
    PyTorch pyTorch = PyTorch.start();
    return new TrainableNetwork(
        pyTorch, device.isAuto() ? pyTorch.best() : device, network, settings, start);
  }

  private PtSymbolBlock load(String methods) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    TorchScriptFile.write(methods, file);
    return JniUtils.loadModule(scope, new ByteArrayInputStream(file.toByteArray()), false, false);
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }

  /** {@return the weights that are learned, in the order of learning rates} */
  public List<Parameter> trained() {
    return List.copyOf(trained);
  }

  /**
   * Computes the loss of a batch and keeps its gradients for the next {@link #update}, added to
   * those that wait for it already.
   *
   * @param input the images, {@code [n, c, h, w]}
   * @param shape the lengths of the axes
   * @param truth a class or the ignore index for each pixel, {@code [n, h, w]}
   * @param share what the gradients are multiplied by: 1, or less for one of several batches of a
   *     step
   * @param seed the seed of dropout
   * @return the loss
   */
  public double add(FloatBuffer input, int[] shape, int[] truth, double share, long seed) {
    pyTorch.prepareThread();
    JniUtils.setSeed(seed);
    images = fitting(images, input.remaining());
    images.asFloatBuffer().put(input.duplicate());
    targets = fitting(targets, truth.length);
    targets.asIntBuffer().put(truth);
    PtNDManager arrays = scope.newSubManager(scope.getDevice());
    boolean kept = false;
    JniUtils.setGradMode(true);
    try {
      Shape sides = new Shape(shape[0], shape[1], shape[2], shape[3]);
      NDList arguments = new NDList();
      add(arguments, "images", arrays.create(images, sides, DataType.FLOAT32));
      Shape pixels = new Shape(shape[0], shape[2], shape[3]);
      add(arguments, "targets", arrays.create(targets, pixels, DataType.INT32));
      tensors.weights().forEach(weight -> add(arguments, "weights[]", weight));
      tensors.statistics().forEach(statistic -> add(arguments, "statistics[]", statistic));
      if (tensors.statistics().isEmpty()) {
        // DJL makes a list only of arrays that are there.
        add(arguments, "statistics[]", (PtNDArray) arrays.zeros(new Shape(1)));
      }
      NDList results = IValueUtils.forward(module, arguments, true);
      results.attach(arrays);
      double loss = results.get(0).toFloatArray()[0];
      PtNDArray[] found =
          results.stream().skip(1).map(PtNDArray.class::cast).toArray(PtNDArray[]::new);
      if (gradients.length == 0) {
        if (share != 1) {
          run("scale", list(found), IValue.from(share));
        }
        gradients = found;
        gradientScope = arrays;
        kept = true;
      } else {
        run("accumulate", list(gradients), list(found), IValue.from(share));
      }
      return loss;
    } finally {
      JniUtils.setGradMode(false);
      if (!kept) {
        arrays.close();
      }
    }
  }

  private static void add(NDList arguments, String name, PtNDArray array) {
    array.setName(name);
    arguments.add(array);
  }

  private static ByteBuffer fitting(@Nullable ByteBuffer used, int numbers) {
    long bytes = numbers * 4L;
    ByteBuffer fitting = used != null && used.capacity() >= bytes ? used : buffer(bytes);
    fitting.clear().limit(Math.toIntExact(bytes));
    return fitting;
  }

  /**
   * Changes the weights by one step of the optimizer.
   *
   * @param step the step's number, from 1
   * @param rates the learning rate of each trained weight
   * @param decays the weight decay of each
   * @param limit the largest norm of the gradients; empty for any
   */
  public void update(long step, double[] rates, double[] decays, OptionalDouble limit) {
    if (limit.isPresent()) {
      run("clip", list(gradients), IValue.from(limit.getAsDouble()));
    }
    run(
        "update",
        list(tensors.weights(trained)),
        list(gradients),
        list(tensors.slots()),
        IValue.listFrom(rates),
        IValue.listFrom(decays),
        IValue.from(step));
    dropGradients();
    if (settings.averaging().isPresent()) {
      IValue decay = IValue.from(settings.averaging().getAsDouble());
      run("average", list(tensors.averages()), list(tensors.current()), decay);
    }
  }

  private void dropGradients() {
    gradients = new PtNDArray[0];
    if (gradientScope != null) {
      gradientScope.close();
      gradientScope = null;
    }
  }

  private static IValue list(Collection<PtNDArray> arrays) {
    return list(arrays.toArray(PtNDArray[]::new));
  }

  private static IValue list(PtNDArray[] arrays) {
    return IValue.listFrom(arrays);
  }

  private void run(String method, IValue... arguments) {
    pyTorch.prepareThread();
    try {
      IValueUtils.runMethod(module, method, arguments).close();
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  /** {@return whether every weight and statistic is a finite number} */
  public boolean isFinite() {
    pyTorch.prepareThread();
    try (IValue all = list(tensors.current());
        IValue finite = IValueUtils.runMethod(module, "finite", all)) {
      return finite.toBoolean();
    }
  }

  /**
   * Returns everything that a later {@link #open} needs, by name. Values are copied from PyTorch's
   * memory when they are asked for.
   */
  public Map<String, WeightTensor> state() {
    return tensors.state();
  }

  /** Returns the weights and statistics by their names in PyTorch's state dict. */
  public Map<String, WeightTensor> parameters() {
    return tensors.parameters();
  }

  /** Returns the moving averages of the weights if there are any, otherwise the weights. */
  public Map<String, WeightTensor> averagedParameters() {
    return tensors.averagedParameters();
  }

  @Override
  public void close() {
    dropGradients();
    scope.close();
  }
}
