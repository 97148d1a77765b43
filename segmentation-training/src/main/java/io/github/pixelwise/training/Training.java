package io.github.pixelwise.training;

import io.github.pixelwise.Device;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
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
 * Network network = Networks.of("deeplabv3plus-mobilenetv2", NetworkOptions.ofClasses(2));
 * TrainingResult result =
 *     Training.of(network, data.part(0, 0.8, 1))
 *         .validation(data.part(0.8, 1, 1))
 *         .recipe(TrainingRecipe.defaults().with("epochs", "10"))
 *         .run(Path.of("runs/first"));
 * }</pre>
 *
 * <p>PyTorch computes the gradients, on the CPU or on CUDA, through DJL. With the same recipe, data,
 * and number of PyTorch's threads on the same machine, every run gives the same weights to the byte,
 * also one that was stopped and resumed. Not safe for use by several threads.
 */
public final class Training {
  private final Network network;
  private final Dataset data;
  private Optional<Dataset> validation = Optional.empty();
  private TrainingRecipe recipe = TrainingRecipe.defaults();
  private Optional<Weights> start = Optional.empty();
  private Device device = Device.AUTO;
  private int threads;
  private int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  private final List<TrainingListener> listeners = new ArrayList<>();

  private Training(Network network, Dataset data) {
    this.network = network;
    this.data = data;
  }

  /**
   * Starts to describe a training.
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
   * Sets the data that the model is measured on after each epoch, none unless called. Its best model
   * is what a run leaves; without it, the last.
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

  /**
   * Sets the weights to start from, random ones unless called.
   *
   * @param start weights of this network
   * @return this training
   */
  public Training from(Weights start) {
    this.start = Optional.of(start);
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
   * Sets PyTorch's number of threads, its own choice unless called. Another number rounds
   * differently.
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
   * Trains the network.
   *
   * @param folder where the run is written, made if it is missing: {@code model.onnx}, {@code
   *     model.pt} and {@code model.properties}, {@code weights.safetensors} and {@code weights.pth},
   *     {@code log.csv}, {@code steps.csv}, {@code report.html}, and what resuming needs
   * @return the outcome
   * @throws IOException if a photograph or mask cannot be read, the folder holds another run or
   *     cannot be written, or the loss is not a number any more
   * @throws InterruptedException if the thread is interrupted; the run was saved and can be resumed
   */
  public TrainingResult run(Path folder) throws IOException, InterruptedException {
    return new TrainingLoop(this, folder, false).run();
  }

  /**
   * Goes on with a run that was stopped, from its last checkpoint. Starts from the beginning if
   * there is none.
   *
   * @param folder the run's folder
   * @return the outcome
   * @throws IOException as {@link #run}; also if the recipe, the network, or the data are not those
   *     of the run
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

  Optional<Weights> start() {
    return start;
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
