package io.github.pixelwise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.benchmarks.ClusterSimulation.Result;
import io.github.pixelwise.benchmarks.Listing.Sizes;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small clusters, whose times are computed by hand, and rules that hold for all. */
class ClusterSimulationTest {
  /** Speculation is checked every tenth of a second; listing and launching take no time. */
  private static final Offset<Double> ABOUT = within(0.11);

  @Test
  void runsThreeTasksOnTwoCores() {
    ClusterJob job = tasksOf10Seconds(3, 2, 1);
    job.listing = 10; // lists for 3 s
    job.opening = 2; // opens until 5 s
    job.overhead = 1;

    Result result = ClusterSimulation.run(job);

    // Two tasks run from 5 to 16 s, the third one from 16 to 27 s.
    assertThat(result.wall()).isCloseTo(27, ABOUT);
    assertThat(result.ideal()).isCloseTo(15, within(1e-9));
    assertThat(result.tail()).isCloseTo(11, ABOUT);
    assertThat(result.tasks()).isEqualTo(3);
    assertThat(result.kilobytes()).isEqualTo(3 * 25_000);
    assertThat(result.largestSplit()).isEqualTo(25_000);
  }

  @Test
  void runsTwoWavesAtATime() {
    ClusterJob job = tasksOf10Seconds(4, 4, 1);
    job.wave = 0.25; // one task

    assertThat(ClusterSimulation.run(job).wall()).isCloseTo(20, ABOUT);
  }

  @Test
  void waitsForTheDriverToLaunchTasks() {
    ClusterJob job = tasksOf10Seconds(4, 4, 1);
    job.launches = 0.5; // at 0, 2, 4, and 6 s

    assertThat(ClusterSimulation.run(job).wall()).isCloseTo(16, ABOUT);
  }

  @Test
  void waitsForTheListing() {
    ClusterJob job = tasksOf10Seconds(10, 10, 1);
    job.wave = 0.1;
    job.listing = 0.5; // a task in 20 s

    assertThat(ClusterSimulation.run(job).wall()).isCloseTo(210, ABOUT);
  }

  @Test
  void copiesASlowTask() {
    ClusterJob job = tasksOf10Seconds(10, 10, 1).slow(0.1, 10);

    Result without = ClusterSimulation.run(job);
    Result with = ClusterSimulation.run(job.copy().speculation(0.9, 1.5));

    assertThat(without.wall()).isCloseTo(100, ABOUT);
    assertThat(without.attempts()).isEqualTo(10);
    // The copy starts at 15 s and takes 10 s. The slow machine has done a quarter of 10 photos.
    assertThat(with.wall()).isCloseTo(25, ABOUT);
    assertThat(with.attempts()).isEqualTo(11);
    assertThat(with.twice()).isEqualTo(2);
    assertThat(with.photos()).isEqualTo(100);
  }

  @Test
  void copiesNothingBeforeEnoughTasksAreDone() {
    ClusterJob job = tasksOf10Seconds(10, 10, 1).slow(0.2, 10);

    assertThat(ClusterSimulation.run(job.copy().speculation(0.9, 1.5)).attempts()).isEqualTo(10);
    assertThat(ClusterSimulation.run(job.copy().speculation(0.8, 1.5)).attempts()).isEqualTo(12);
  }

  @Test
  void copiesATaskToAnotherMachine() {
    // The first free core is the slow machine's second one.
    ClusterJob job = tasksOf10Seconds(2, 2, 2).slow(0.5, 10).speculation(0.5, 1.5);

    assertThat(ClusterSimulation.run(job).wall()).isCloseTo(25, ABOUT);
  }

  @Test
  void runsTheTasksOfALostMachineAgain() {
    ClusterJob job = tasksOf10Seconds(5, 2, 1);
    job.launches = 1;

    Result atOnce = ClusterSimulation.run(job.copy().lost(0.5, 0));
    Result later = ClusterSimulation.run(job.copy().lost(0.5, 25));

    // The second machine starts at 1 s, and is lost at 20 s, after 9 of 10 photos of its second
    // task. The first machine runs the last task until 30 s, and then the lost one.
    assertThat(atOnce.wall()).isCloseTo(40, ABOUT);
    assertThat(atOnce.twice()).isEqualTo(9);
    assertThat(atOnce.attempts()).isEqualTo(6);
    assertThat(atOnce.photos()).isEqualTo(50);
    assertThat(later.wall()).isCloseTo(55, ABOUT);
    assertThat(later.photos()).isEqualTo(50);
  }

  @Test
  void copiesTheTasksOfALostMachineBeforeTheDriverKnows() {
    ClusterJob job = tasksOf10Seconds(5, 2, 1).lost(0.5, 100).speculation(0.5, 1.5);
    job.launches = 1;

    Result result = ClusterSimulation.run(job);

    // The lost task was launched at 11 s, and the only machine is free at 30 s.
    assertThat(result.wall()).isCloseTo(40, ABOUT);
    assertThat(result.photos()).isEqualTo(50);
    assertThat(result.twice()).isEqualTo(9);
    assertThat(result.attempts()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource
  void doesEveryPhotoOnce(Sizes sizes) {
    ClusterJob job = job(10).sizes(sizes);

    Result result = ClusterSimulation.run(job);

    assertThat(result.photos()).isEqualTo(job.photos);
    assertThat(result.attempts()).isEqualTo(result.tasks());
    assertThat(result.twice()).isZero();
    assertThat(result.efficiency()).isBetween(0.5, 1.0);
    assertThat(result.tail()).isBetween(0.0, result.wall() - result.ideal() / 2);
  }

  @Test
  void doesEveryPhotoWhateverHappens() {
    ClusterJob job = job(10).slow(0.2, 5).speculation(0.75, 1.5).lost(0.3, 60);

    Result result = ClusterSimulation.run(job);

    assertThat(result.photos()).isEqualTo(job.photos);
    assertThat(result.twice()).isPositive();
    assertThat(result.attempts()).isGreaterThan(result.tasks());
    assertThat(result.wall()).isGreaterThan(result.ideal());
  }

  @Test
  void speculationShortensAJobWithSlowMachines() {
    ClusterJob slow = job(50).slow(0.02, 10);
    slow.photos = 400_000;

    double without = ClusterSimulation.run(slow).wall();
    double with = ClusterSimulation.run(slow.copy().speculation(0.9, 3)).wall();

    assertThat(with).isLessThan(0.8 * without);
  }

  @Test
  void reportsOptionsThatMakeNoSense() {
    ClusterJob job = new ClusterJob();
    job.photos = 0;
    assertThatIllegalArgumentException()
        .isThrownBy(job::check)
        .withMessage("--photos must be above 0, but it is 0; leave it out for the default");
    job.photos = 1;
    job.fixedShare = 1.5;
    assertThatIllegalArgumentException()
        .isThrownBy(job::check)
        .withMessage(
            "--fixed-share must be between 0 and 1, and --opening and --overhead at least 0, but"
                + " they are 1.5, 5.0, and 0.3");
  }

  /** Tasks of ten equal photos, which take a second each; nothing else takes time. */
  private static ClusterJob tasksOf10Seconds(int tasks, int machines, int cores) {
    ClusterJob job = new ClusterJob().sizes(Sizes.EQUAL);
    job.photos = 10 * tasks;
    job.machines = machines;
    job.cores = cores;
    job.secondsPerPhoto = 1;
    job.splitPhotos = 10;
    job.listing = 1e9;
    job.opening = 0;
    job.overhead = 0;
    job.launches = 1e9;
    job.wave = 100;
    return job;
  }

  private static ClusterJob job(int machines) {
    ClusterJob job = new ClusterJob();
    job.photos = 100_000;
    job.machines = machines;
    job.cores = 4;
    return job;
  }
}
