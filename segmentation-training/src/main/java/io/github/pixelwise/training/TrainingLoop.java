package io.github.pixelwise.training;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.djl.PyTorch;
import io.github.pixelwise.evaluation.EmptyClasses;
import io.github.pixelwise.evaluation.SegmentationMetrics;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.training.internal.PhotoList;
import io.github.pixelwise.training.internal.Samples;
import io.github.pixelwise.training.internal.StepEntry;
import io.github.pixelwise.training.internal.TrainableNetwork;
import io.github.pixelwise.training.internal.TrainingLog;
import io.github.pixelwise.training.internal.TrainingReport;
import io.github.pixelwise.training.internal.loading.Batch;
import io.github.pixelwise.training.internal.loading.BatchLoader;
import io.github.pixelwise.training.internal.loading.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** One run: its epochs, what is saved of it, and what it leaves. */
final class TrainingLoop {
  /** How long a run goes without saving. Saving does not change the result. */
  private static final Duration UNSAVED = Duration.ofMinutes(10);

  private final Training training;
  private final TrainingRecipe recipe;
  private final Network network;
  private final Path folder;
  private final boolean resumes;
  private final Metric metric;
  private final Sampling sampling;
  private final Schedule schedule;
  private final StepPlan plan;

  /** What changes from step to step, besides the network's tensors. */
  private RunPosition position;

  /** Whether a step has begun, so that the network's tensors may not be those of the position. */
  private boolean inStep;

  TrainingLoop(Training training, Path folder, boolean resumes)
      throws IOException, InterruptedException {
    TrainingChecks.check(training);
    this.training = training;
    this.folder = folder;
    this.resumes = resumes;
    recipe = training.recipe();
    network = training.network();
    metric = training.validation().isPresent() ? Metric.MEAN_IOU : Metric.LOSS;
    schedule = recipe.schedule(metric);
    sampling = training.sampling();
    plan = new StepPlan(recipe, sampling.batches());
    position = RunPosition.start(metric);
  }

  TrainingResult run() throws IOException, InterruptedException {
    PyTorch pyTorch = PyTorch.start();
    if (!pyTorch.has(training.device())) {
      throw new ModelLoadException(
          ModelLoadException.Reason.DEVICE_MISSING,
          "cannot train on %s: found %s. Choose one of these or auto. For CUDA, add its native libraries, such as ai.djl.pytorch:pytorch-native-cu128."
              .formatted(training.device(), pyTorch.devices()));
    }
    Device device = training.device().isAuto() ? pyTorch.best() : training.device();
    pyTorch.chooseThreads(training.threads()).ifPresent(this::note);
    sampling.notices().forEach(this::note);
    Export export = new Export(network, training.data(), recipe.value("license"));
    PhotoList photos = PhotoList.of(training.data(), training.validation());
    try (RunFolder run = RunFolder.open(folder, resumes)) {
      Optional<CheckpointFolder.Saved> saved = run.checkpoints().resume(network, settings());
      if (saved.isPresent()) {
        photos.requireThoseOf(folder);
        position = RunPosition.of(saved.get().state());
        note("resumed after " + position);
        noteThreads(saved.get().state().threads(), pyTorch.threads());
      } else {
        if (resumes) {
          note("there is no checkpoint yet, so the run starts from the beginning");
        }
        TrainingChecks.masks(training).forEach(this::note);
        photos.write(folder);
      }
      List<String> names = training.data().labels().names();
      try (TrainableNetwork trained = open(saved, device);
          TrainingLog log =
              saved.isPresent()
                  ? TrainingLog.resume(folder, names, position.epoch(), position.step())
                  : TrainingLog.create(folder, names)) {
        List<Sample> shown = shown();
        Samples samples = Samples.open(folder, shown, training.data().palette(), position.epoch());
        TrainingReport report =
            new TrainingReport(
                network.name(),
                training.data().name(),
                settings(),
                training.data().labels(),
                training.data().palette(),
                samples);
        Run parts = new Run(run, trained, log, samples, report, validation(shown, device));
        try {
          train(parts);
          return leave(parts, export);
        } catch (IOException | InterruptedException e) {
          if (isInterruption(e)) {
            Thread.interrupted(); // the exception says so
            throw (InterruptedException)
                new InterruptedException("stopped after " + position).initCause(e);
          }
          throw e;
        }
      }
    }
  }

  /** What a run works with. */
  private record Run(
      RunFolder folder,
      TrainableNetwork network,
      TrainingLog log,
      Samples samples,
      TrainingReport report,
      Optional<Validation> validation) {}

  private void note(String text) {
    training.listeners().forEach(listener -> listener.onNote(text));
  }

  private void noteThreads(int before, int now) {
    if (before != 0 && before != now) {
      note(
          "PyTorch has %s threads and had %s before, so sums are rounded differently; resume with --threads %s for the same weights as without a stop"
              .formatted(now, before, before));
    }
  }

  /** All that decides the result: what a run that is resumed must share with the one before. */
  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(recipe.values());
    settings.put("data", describe(training.data()));
    training.validation().ifPresent(data -> settings.put("data.validation", describe(data)));
    return settings;
  }

  private static String describe(Dataset data) {
    return "%s, %s photographs".formatted(data.name(), data.samples().size());
  }

  private TrainableNetwork open(Optional<CheckpointFolder.Saved> saved, Device device)
      throws IOException {
    TrainableNetwork.Settings settings = plan.settings(network, training.data().labels());
    if (saved.isPresent()) {
      Map<String, WeightTensor> tensors = saved.get().tensors();
      return TrainableNetwork.open(
          network,
          settings,
          device,
          (name, shape) -> Objects.requireNonNull(tensors.get(name), name).values());
    }
    Weights start = training.start();
    start.notes().forEach(this::note);
    return TrainableNetwork.start(network, settings, device, start::values);
  }

  /** The photographs of the validation whose predictions are in the report. */
  private List<Sample> shown() {
    return training.validation().map(data -> Samples.choose(data.samples())).orElse(List.of());
  }

  private Optional<Validation> validation(List<Sample> shown, Device device) {
    return training
        .validation()
        .map(data -> new Validation(network, data, shown, device, folder.resolve("validation")));
  }

  private void train(Run run) throws IOException, InterruptedException {
    try (BatchLoader loader = loader()) {
      while (position.epoch() < recipe.epochs() && !stops()) {
        Stopwatch watch = new Stopwatch(loader);
        while (position.stepOfEpoch() < plan.stepsPerEpoch()) {
          step(run, loader, watch);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          if (watch.sinceSaved().compareTo(UNSAVED) > 0) {
            save(run, position);
            watch.saved();
          }
        }
        endEpoch(run, watch);
      }
    } catch (IOException | InterruptedException e) {
      if (isInterruption(e)) {
        save(run, position);
      }
      throw e;
    }
  }

  /**
   * Whether an exception came from an interrupt, which also closes files that are written. Steps
   * have none of these: they fail for other reasons.
   */
  private boolean isInterruption(Exception e) {
    return e instanceof InterruptedException || (!inStep && Thread.currentThread().isInterrupted());
  }

  private BatchLoader loader() {
    int batch = position.stepOfEpoch() * recipe.accumulation();
    // A run may have been stopped after the last step of an epoch, before its validation.
    boolean complete = batch >= sampling.batches();
    return new BatchLoader(
        training.loader(),
        sampling,
        training.workers(),
        complete ? position.epoch() + 1 : position.epoch(),
        complete ? 0 : batch,
        recipe.epochs());
  }

  private boolean stops() {
    return recipe.stopping(metric).map(rule -> rule.stopsAfter(position.metrics())).orElse(false);
  }

  private void step(Run run, BatchLoader loader, Stopwatch watch) throws IOException {
    inStep = true;
    int parts = plan.parts(position.stepOfEpoch());
    double loss = 0;
    for (int part = 0; part < parts; part++) {
      Batch batch = loader.next();
      long seed = StepPlan.mix(recipe.seed(), position.step(), part);
      loss +=
          run.network()
                  .add(
                      batch.images().buffer(),
                      batch.images().shape(),
                      batch.targets(),
                      1.0 / parts,
                      seed)
              / parts;
      watch.photographs(batch.names().size());
    }
    if (!Double.isFinite(loss)) {
      throw new IOException(
          ("the loss of step %s (epoch %s) is %s, so the run was stopped. %s. Lower the learning rate,"
                  + " or limit the gradients (clip = 1)")
              .formatted(position.step() + 1, position.epoch() + 1, loss, kept(run.folder())));
    }
    double factor = factor(position.step());
    plan.update(run.network(), position.step(), factor);
    position = position.afterStep(loss);
    inStep = false;
    watch.step();
    double rate = recipe.rate() * factor;
    run.log().add(new StepEntry(position.step(), position.epoch() + 1, loss, rate));
    TrainingProgress progress =
        watch.progress(position, plan.stepsPerEpoch(), recipe.epochs(), loss, rate);
    training.listeners().forEach(listener -> listener.onStep(progress));
  }

  /** The schedule's factor for a step of this epoch, counted from 0 over the whole run. */
  private double factor(long step) {
    return schedule.factor(
        step,
        (long) plan.stepsPerEpoch() * recipe.epochs(),
        plan.stepsPerEpoch(),
        position.metrics());
  }

  private static String kept(RunFolder run) {
    return run.checkpoints().has(CheckpointFolder.Kind.LAST)
        ? "The last checkpoint is kept in " + run.path()
        : "There was no checkpoint yet";
  }

  private void endEpoch(Run run, Stopwatch watch) throws IOException, InterruptedException {
    int epoch = position.epoch() + 1;
    double loss = position.meanLoss();
    boolean validates = epoch % recipe.validateEvery() == 0 || epoch == recipe.epochs();
    Optional<SegmentationMetrics> metrics = Optional.empty();
    requireFinite(run);
    watch.endTraining();
    if (validates && run.validation().isPresent()) {
      save(run, position); // a validation that fails costs no step
      Validation.Outcome outcome = measure(run, run.validation().get());
      metrics = Optional.of(outcome.metrics());
      for (int i = 0; i < outcome.shown().size(); i++) {
        CategoryMask mask = outcome.shown().get(i);
        run.samples().add(epoch, i, mask);
      }
    }
    Optional<Double> measured =
        metric == Metric.LOSS ? Optional.of(loss) : metrics.map(SegmentationMetrics::meanIou);
    // Without validation, the last model is the one to keep.
    boolean best =
        metric == Metric.LOSS
            || measured.filter(value -> metric.isBetter(value, position.best())).isPresent();
    run.log().add(watch.entry(position, recipe.rate() * factor(position.step() - 1), metrics));
    run.report().write(folder, run.log());
    RunPosition next = position.afterEpoch(measured, best);
    if (best) {
      run.folder()
          .checkpoints()
          .save(CheckpointFolder.Kind.BEST, state(next), run.network().averagedParameters());
    }
    save(run, next);
    position = next;
    EpochResult result = new EpochResult(epoch, loss, metrics, best);
    training.listeners().forEach(listener -> listener.onEpoch(result));
  }

  private Validation.Outcome measure(Run run, Validation validation)
      throws IOException, InterruptedException {
    try {
      return validation.measure(run.network().averagedParameters());
    } catch (ModelLoadException | InferenceException e) {
      throw new IOException(
          "the model of epoch %s cannot be validated, so the run was stopped: %s. %s. If its scores are not numbers, lower the learning rate, or limit the gradients (clip = 1)"
              .formatted(position.epoch() + 1, e.getMessage(), kept(run.folder())),
          e);
    }
  }

  private void requireFinite(Run run) throws IOException {
    if (!run.network().isFinite()) {
      throw new IOException(
          "after step %s (epoch %s) there are weights that are not numbers, so the run was stopped. %s. Lower the learning rate, or limit the gradients (clip = 1)"
              .formatted(position.step(), position.epoch() + 1, kept(run.folder())));
    }
  }

  private void save(Run run, RunPosition at) throws IOException {
    requireFinite(run); // the checkpoint of before is better than none to go on from
    run.folder().checkpoints().save(CheckpointFolder.Kind.LAST, state(at), run.network().state());
  }

  private RunState state(RunPosition at) {
    return at.state(CheckpointFolder.describe(network), settings(), PyTorch.start().threads());
  }

  /** Writes the model of the best epoch. */
  private TrainingResult leave(Run run, Export export) throws IOException {
    CheckpointFolder.Saved best =
        run.folder()
            .checkpoints()
            .load(CheckpointFolder.Kind.BEST)
            .orElseThrow(() -> new IOException("there is no best checkpoint in " + folder));
    int epoch = best.state().bestEpoch();
    Optional<Export.Score> score =
        training
            .validation()
            .map(
                data ->
                    new Export.Score(
                        best.state().best(),
                        EmptyClasses.SKIP,
                        data.name(),
                        data.samples().size()));
    ModelCard card = export.write(folder, best.tensors(), epoch, score);
    return new TrainingResult(
        folder,
        card,
        epoch,
        score.map(found -> OptionalDouble.of(found.meanIou())).orElse(OptionalDouble.empty()),
        position.epoch() < recipe.epochs());
  }
}
