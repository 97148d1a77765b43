package io.github.pixelwise.training.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files {@code log.csv}, with a row for each epoch, and {@code steps.csv}, with a row for each
 * step, in the folder of a run. A row counts once its line break is written. To be used by one
 * thread at a time.
 */
public final class TrainingLog implements Closeable {
  private static final String EPOCHS = "log.csv";
  private static final String STEPS = "steps.csv";

  private final CsvTable<EpochEntry> epochs; // owned
  private final CsvTable<StepEntry> steps; // owned

  private TrainingLog(CsvTable<EpochEntry> epochs, CsvTable<StepEntry> steps) {
    this.epochs = epochs;
    this.steps = steps;
  }

  /**
   * Starts the log of a new run; files that are there are replaced.
   *
   * @param folder the folder of the run, which exists
   * @param classes the names of the classes
   */
  public static TrainingLog create(Path folder, List<String> classes) throws IOException {
    return open(folder, new EpochFormat(classes), List.of(), List.of());
  }

  /**
   * Goes on with a log from a checkpoint. Rows after it are dropped, because they are going to be
   * written again.
   *
   * @param folder the folder of the run
   * @param classes the names of the classes
   * @param epochs how many epochs the checkpoint has completed, with their validation
   * @param steps how many steps the checkpoint has made in all
   * @throws IOException if the log is that of another run, damaged, or cannot be written
   */
  public static TrainingLog resume(Path folder, List<String> classes, int epochs, long steps)
      throws IOException {
    EpochFormat format = new EpochFormat(classes);
    return open(
        folder,
        format,
        CsvTable.read(folder.resolve(EPOCHS), format).stream()
            .filter(entry -> entry.epoch() <= epochs)
            .toList(),
        CsvTable.read(folder.resolve(STEPS), StepFormat.INSTANCE).stream()
            .filter(entry -> entry.step() <= steps)
            .toList());
  }

  private static TrainingLog open(
      Path folder, EpochFormat format, List<EpochEntry> epochs, List<StepEntry> steps)
      throws IOException {
    CsvTable<EpochEntry> table = CsvTable.write(folder.resolve(EPOCHS), format, epochs);
    try {
      return new TrainingLog(
          table, CsvTable.write(folder.resolve(STEPS), StepFormat.INSTANCE, steps));
    } catch (IOException e) {
      table.close();
      throw e;
    }
  }

  /** Appends a step. */
  public void add(StepEntry step) throws IOException {
    steps.add(step);
  }

  /** Appends an epoch, which has an IoU for each class if it was validated. */
  public void add(EpochEntry epoch) throws IOException {
    epochs.add(epoch);
  }

  /** {@return all epochs of the run so far, as a view} */
  public List<EpochEntry> epochs() {
    return epochs.rows();
  }

  /** {@return all steps of the run so far, as a view} */
  public List<StepEntry> steps() {
    return steps.rows();
  }

  @Override
  public void close() throws IOException {
    try (steps) {
      epochs.close();
    }
  }

  private enum StepFormat implements CsvTable.Format<StepEntry> {
    INSTANCE;

    @Override
    public List<String> header() {
      return List.of("step", "epoch", "loss", "rate");
    }

    @Override
    public List<?> cells(StepEntry step) {
      return List.of(step.step(), step.epoch(), step.loss(), step.rate());
    }

    @Override
    public StepEntry row(List<String> cells) {
      return new StepEntry(
          Long.parseLong(cells.get(0)),
          Integer.parseInt(cells.get(1)),
          Csv.number(cells.get(2)),
          Csv.number(cells.get(3)));
    }
  }

  private static final class EpochFormat implements CsvTable.Format<EpochEntry> {
    private static final List<String> COLUMNS =
        List.of(
            "epoch",
            "step",
            "loss",
            "rate",
            "mean_iou",
            "pixel_accuracy",
            "photos_per_second",
            "waiting_share",
            "seconds");

    private final List<String> header;

    EpochFormat(List<String> classes) {
      header =
          Stream.concat(COLUMNS.stream(), classes.stream().map(name -> "iou_" + name)).toList();
    }

    private int classes() {
      return header.size() - COLUMNS.size();
    }

    @Override
    public List<String> header() {
      return header;
    }

    @Override
    public List<?> cells(EpochEntry epoch) {
      List<Double> ious =
          epoch.isValidated() ? epoch.iouPerClass() : Collections.nCopies(classes(), Double.NaN);
      if (ious.size() != classes()) {
        throw new IllegalArgumentException(
            "the IoU of each of the %d classes is needed, found %d"
                .formatted(classes(), ious.size()));
      }
      List<Object> cells = new ArrayList<>();
      cells.add(epoch.epoch());
      cells.add(epoch.step());
      cells.add(epoch.loss());
      cells.add(epoch.rate());
      cells.add(epoch.meanIou());
      cells.add(epoch.pixelAccuracy());
      cells.add(epoch.photosPerSecond());
      cells.add(epoch.waitingShare());
      cells.add(epoch.seconds());
      cells.addAll(ious);
      return cells;
    }

    @Override
    public EpochEntry row(List<String> cells) {
      List<Double> numbers = cells.stream().skip(2).map(Csv::number).toList();
      return new EpochEntry(
          Integer.parseInt(cells.get(0)),
          Long.parseLong(cells.get(1)),
          numbers.get(0),
          numbers.get(1),
          numbers.get(4),
          numbers.get(5),
          numbers.get(2),
          numbers.get(3),
          numbers.subList(7, numbers.size()),
          numbers.get(6));
    }
  }
}
