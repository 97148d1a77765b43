package io.github.pixelwise.benchmarks;

import io.github.pixelwise.benchmarks.Listing.Sizes;
import picocli.CommandLine.Option;

/**
 * A job on a cluster: what the options of {@code cluster-plan} say, and what a scenario changes.
 * All times are in seconds.
 */
final class ClusterJob implements Cloneable {
  @Option(names = "--photos", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int photos = 10_000_000;

  @Option(names = "--machines", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int machines = 100;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Tasks a machine runs at a time. Default: ${DEFAULT-VALUE}.")
  int cores = 16;

  @Option(
      names = "--seconds-per-photo",
      paramLabel = "S",
      description = "What an average photo takes on one core. Default: ${DEFAULT-VALUE}.")
  double secondsPerPhoto = 0.2;

  @Option(
      names = "--fixed-share",
      paramLabel = "X",
      description =
          "The share of that time that does not grow with the file: the network."
              + " Default: ${DEFAULT-VALUE}.")
  double fixedShare = 0.5;

  @Option(
      names = "--megabytes-per-photo",
      paramLabel = "MB",
      description = "The average. Default: ${DEFAULT-VALUE}.")
  double megabytesPerPhoto = 2.5;

  @Option(
      names = "--split-megabytes",
      paramLabel = "MB",
      description = "The most a task reads. Default: ${DEFAULT-VALUE}.")
  double splitMegabytes = 128;

  @Option(
      names = "--split-photos",
      paramLabel = "N",
      description = "The most photos of a task. Default: ${DEFAULT-VALUE}.")
  int splitPhotos = 1000;

  @Option(
      names = "--listing",
      paramLabel = "N",
      description = "Photos the driver lists in a second. Default: ${DEFAULT-VALUE}.")
  double listing = 5000;

  @Option(
      names = "--wave",
      paramLabel = "N",
      description =
          "Tasks of one Spark job, for each core. Two Spark jobs run at a time."
              + " Default: ${DEFAULT-VALUE}.")
  double wave = 4;

  @Option(
      names = "--opening",
      paramLabel = "S",
      description = "What opening the model takes, once a machine. Default: ${DEFAULT-VALUE}.")
  double opening = 5;

  @Option(
      names = "--overhead",
      paramLabel = "S",
      description = "What a task takes besides its photos. Default: ${DEFAULT-VALUE}.")
  double overhead = 0.3;

  @Option(
      names = "--launches",
      paramLabel = "N",
      description = "Tasks the driver launches in a second. Default: ${DEFAULT-VALUE}.")
  double launches = 1000;

  @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  Sizes sizes = Sizes.SKEWED;
  int slowMachines;

  /** How many times as long everything takes on a slow machine. */
  double slowness = 1;

  /** spark.speculation.quantile; above 1 nothing is speculated. */
  double quantile = 2;

  /** spark.speculation.multiplier. */
  double multiplier;

  /** How many machines are lost when half of the photos are done. */
  int lostMachines;

  /** The time from the loss of a machine to the moment when the driver knows. */
  double noticing;

  ClusterJob sizes(Sizes value) {
    sizes = value;
    return this;
  }

  ClusterJob splits(double megabytes) {
    splitMegabytes = megabytes;
    return this;
  }

  ClusterJob listing(double photosPerSecond) {
    listing = photosPerSecond;
    return this;
  }

  ClusterJob slow(double shareOfMachines, double times) {
    slowMachines = share(shareOfMachines);
    slowness = times;
    return this;
  }

  ClusterJob speculation(double atQuantile, double timesMedian) {
    quantile = atQuantile;
    multiplier = timesMedian;
    return this;
  }

  ClusterJob lost(double shareOfMachines, double noticedAfter) {
    lostMachines = share(shareOfMachines);
    noticing = noticedAfter;
    return this;
  }

  private int share(double shareOfMachines) {
    return (int) Math.min(machines - 1, Math.max(1, Math.round(shareOfMachines * machines)));
  }

  int slots() {
    return machines * cores;
  }

  Listing splits() {
    return new Listing(
        sizes,
        photos,
        (int) Math.round(1000 * megabytesPerPhoto),
        Math.round(1000 * splitMegabytes),
        splitPhotos,
        seed);
  }

  /** The time a split's photos take on a core of ordinary speed. */
  double work(Listing.Split split) {
    double average = split.kilobytes() / (1000 * megabytesPerPhoto);
    return secondsPerPhoto * (fixedShare * split.photos() + (1 - fixedShare) * average);
  }

  /** Reports an option that makes no sense. */
  void check() {
    above0("--photos", photos);
    above0("--machines", machines);
    above0("--cores", cores);
    above0("--seconds-per-photo", secondsPerPhoto);
    above0("--megabytes-per-photo", megabytesPerPhoto);
    above0("--split-megabytes", splitMegabytes);
    above0("--split-photos", splitPhotos);
    above0("--listing", listing);
    above0("--wave", wave);
    above0("--launches", launches);
    if (!(fixedShare >= 0 && fixedShare <= 1 && opening >= 0 && overhead >= 0)) {
      throw new IllegalArgumentException(
          "--fixed-share must be between 0 and 1, and --opening and --overhead at least 0, but they"
              + " are %s, %s, and %s".formatted(fixedShare, opening, overhead));
    }
  }

  private static void above0(String option, Number value) {
    if (!(value.doubleValue() > 0)) {
      throw new IllegalArgumentException(
          option + " must be above 0, but it is " + value + "; leave it out for the default");
    }
  }

  /** A job that a scenario may change. */
  ClusterJob copy() {
    try {
      return (ClusterJob) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
