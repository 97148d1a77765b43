package io.github.pixelwise.training;

import io.github.pixelwise.Device;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.training.internal.loading.AugmentationPreview;
import io.github.pixelwise.training.internal.loading.ClassPresence;
import io.github.pixelwise.training.internal.loading.SampleLoader;
import io.github.pixelwise.training.internal.loading.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Trains a network on photographs with masks, and writes a model that any backend opens.
 *
 * <pre>{@code
 * Dataset data = Dataset.read(Path.of("leaves.dataset.properties"));
 * Network network = Networks.of("deeplabv3plus-mobilenetv2-refined", NetworkOptions.ofClasses(2));
 * TrainingResult result =
 *     Training.of(network, data.part(0, 0.8, 1))
 *         .validation(data.part(0.8, 1, 1))
 *         .recipe(TrainingRecipe.defaults().with("augment.crop", "321x321"))
 *         .from("deeplabv3plus-mobilenetv2-voc")
 *         .run(Path.of("runs/first"));
 * }</pre>
 *
 * <p>PyTorch computes the gradients, on the CPU or on CUDA, through DJL. With the same recipe,
 * data, and number of PyTorch threads on the same machine, every run gives exactly the same
 * weights, even if it was stopped and resumed. Not safe for use by several threads.
 */
public final class Training {
  private final Network network;
  private final Dataset data;
  private Optional<Dataset> validation = Optional.empty();
  private TrainingRecipe recipe = TrainingRecipe.defaults();
  private Start start = this::startOfRecipe;
  private Device device = Device.AUTO;
  private int threads;
  private int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  private final List<TrainingListener> listeners = new ArrayList<>();

  private Training(Network network, Dataset data) {
    this.network = network;
    this.data = data;
  }

  /**
   * Returns a training of a network on data, with defaults for everything else.
   *
   * @param network the network, with one channel for each class of the data; or a single channel
   *     for data of two classes
   * @param data the photographs and masks to learn from
   * @return the training, to be {@link #run}
   * @throws IllegalArgumentException if the numbers of classes differ
   */
  public static Training of(Network network, Dataset data) {
    int channels = network.output().channels();
    int classes = data.labels().size();
    if (channels != classes && !(channels == 1 && classes == 2)) {
      throw new IllegalArgumentException(
          "network %s has %d classes, and data set %s has %d: make the network for %d classes"
              .formatted(network.name(), channels, data.name(), classes, classes));
    }
    return new Training(network, data);
  }

  /**
   * Sets the data to measure the model on after each epoch. The run then keeps the best model.
   * Unless called, nothing is measured, and the run keeps the last model.
   *
   * @param validation photographs that are not among those to learn from, with the same classes
   * @return this training
   * @throws IllegalArgumentException if the classes differ
   */
  public Training validation(Dataset validation) {
    if (!validation.labels().names().equals(data.labels().names())) {
      throw new IllegalArgumentException(
          "the data for training and for validation must have the same classes, found %s and %s"
              .formatted(data.labels().names(), validation.labels().names()));
    }
    this.validation = Optional.of(validation);
    return this;
  }

  /**
   * Sets the recipe, {@link TrainingRecipe#defaults} unless called.
   *
   * @param recipe the recipe
   * @return this training
   */
  public Training recipe(TrainingRecipe recipe) {
    this.recipe = Objects.requireNonNull(recipe, "recipe");
    return this;
  }

  /** Where a training starts. */
  @FunctionalInterface
  private interface Start {
    Weights weights(Network network, long seed) throws IOException;
  }

  /**
   * Sets the weights to start from. Unless called, they are those that the recipe names by its key
   * {@code from}, and random ones if it names none.
   *
   * @param start weights of this network
   * @return this training
   */
  public Training from(Weights start) {
    Objects.requireNonNull(start, "start");
    this.start = (network, seed) -> start;
    return this;
  }

  /**
   * Sets the weights to start from, which are read when the training starts. What fits the network
   * is kept; layers of another shape, such as the last one of a network with other classes, start
   * from random weights. {@linkplain TrainingListener#onNote Notes} say which.
   *
   * @param checkpoint a checkpoint's file, or the name of an embedded model
   * @return this training
   */
  public Training from(String checkpoint) {
    Objects.requireNonNull(checkpoint, "checkpoint");
    this.start = (network, seed) -> StartingWeights.of(network, checkpoint, seed);
    return this;
  }

  /**
   * Sets the device, {@link Device#AUTO} unless called.
   *
   * @param device the CPU or a GPU
   * @return this training
   */
  public Training device(Device device) {
    this.device = Objects.requireNonNull(device, "device");
    return this;
  }

  /**
   * Sets the number of PyTorch threads. Unless called, PyTorch chooses it. Another number rounds
   * sums differently.
   *
   * @param threads the number, at least 1
   * @return this training
   * @throws IllegalArgumentException if it is below 1
   */
  public Training threads(int threads) {
    this.threads = requirePositive("threads", threads);
    return this;
  }

  /**
   * Sets how many threads read and augment photographs, half of the processors unless called. The
   * result does not depend on it.
   *
   * @param workers the number, at least 1
   * @return this training
   * @throws IllegalArgumentException if it is below 1
   */
  public Training workers(int workers) {
    this.workers = requirePositive("workers", workers);
    return this;
  }

  private static int requirePositive(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, found " + number);
    }
    return number;
  }

  /**
   * Adds a listener.
   *
   * @param listener called by the thread that runs the training
   * @return this training
   */
  public Training listener(TrainingListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Writes pictures of what the network would see: each augmented photograph, and beside it the
   * same with its mask tinted over it. Trains nothing. Pictures that an earlier preview wrote there
   * are deleted.
   *
   * @param count how many, at least 1
   * @param folder where the PNG files go, made if it is missing
   * @return the files, in the order of a run
   * @throws IOException if a photograph or mask cannot be read, or a file cannot be written
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the count is below 1, or recipe and network do not fit each
   *     other
   */
  public List<Path> preview(int count, Path folder) throws IOException, InterruptedException {
    requirePositive("the number of pictures", count);
    TrainingChecks.check(this);
    return AugmentationPreview.write(loader(), sampling(), count, folder);
  }

  /** Loads and augments the samples. */
  SampleLoader loader() {
    return SampleLoader.of(
        data, recipe.augmentation(), network.name(), network.input(), recipe.seed());
  }

  /** The order of the samples. */
  Sampling sampling() throws IOException, InterruptedException {
    return recipe.balanced()
        ? Sampling.balanced(ClassPresence.of(data, workers), recipe.batch(), recipe.seed())
        : Sampling.shuffled(data.samples().size(), recipe.batch(), recipe.seed());
  }

  /**
   * Trains the network.
   *
   * @param folder where the run is written, made if it is missing: {@code model.onnx}, {@code
   *     model.pt} and {@code model.properties}, {@code weights.safetensors} and {@code
   *     weights.pth}, {@code log.csv}, {@code steps.csv}, {@code report.html}, and what resuming
   *     needs
   * @return the outcome
   * @throws IOException if a photograph or mask cannot be read, the folder holds another run or
   *     cannot be written, or the loss is no longer a number
   * @throws IllegalArgumentException if the recipe and the network do not fit each other
   * @throws InterruptedException if the thread is interrupted; the run was saved and can be resumed
   */
  public TrainingResult run(Path folder) throws IOException, InterruptedException {
    return new TrainingLoop(this, folder, false).run();
  }

  /**
   * Continues a run that was stopped, from its last checkpoint. If the run has no checkpoint yet,
   * it starts from the beginning.
   *
   * @param folder the run's folder
   * @return the outcome
   * @throws IOException as {@link #run}; also if the folder has no run, or the recipe, the network,
   *     or the data are not those of the run
   * @throws IllegalArgumentException as {@link #run}
   * @throws InterruptedException as {@link #run}
   */
  public TrainingResult resume(Path folder) throws IOException, InterruptedException {
    return new TrainingLoop(this, folder, true).run();
  }

  Network network() {
    return network;
  }

  Dataset data() {
    return data;
  }

  Optional<Dataset> validation() {
    return validation;
  }

  TrainingRecipe recipe() {
    return recipe;
  }

  private Weights startOfRecipe(Network network, long seed) throws IOException {
    return recipe.isSet("from")
        ? StartingWeights.of(network, recipe.value("from"), seed)
        : Weights.initial(network, seed);
  }

  /** Reads the weights to start from. */
  Weights start() throws IOException {
    return start.weights(network, recipe.seed());
  }

  Device device() {
    return device;
  }

  int threads() {
    return threads;
  }

  int workers() {
    return workers;
  }

  List<TrainingListener> listeners() {
    return List.copyOf(listeners);
  }
}
