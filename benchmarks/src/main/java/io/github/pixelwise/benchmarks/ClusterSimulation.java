package io.github.pixelwise.benchmarks;

import io.github.pixelwise.benchmarks.Listing.Split;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs a job in simulated time: a queue of events over the cores of a cluster.
 *
 * <p>The driver lists photos, cuts the listing into splits, and submits waves of them, two at a
 * time. A free core takes a task of the older wave first, as Spark's FIFO scheduler does. A wave's
 * running tasks are copied to other machines by the rules of {@code spark.speculation}.
 */
final class ClusterSimulation {
  /** Default of spark.speculation.interval. */
  private static final double SPECULATION_INTERVAL = 0.1;

  /** Default of spark.speculation.minTaskRuntime. */
  private static final double MIN_SPECULATED = 0.1;

  private static final int WAVES_AT_A_TIME = 2;

  /**
   * What came out. Times are in seconds.
   *
   * @param photos how many were done, each counted once
   * @param ideal the time for the photos alone, on all cores from the start to the end
   * @param tail from the moment when the first core has nothing more to do to the end
   * @param twice photos that were done by an attempt that did not count
   * @param attempts tasks, with their copies and those that ran again
   */
  record Result(
      long photos,
      double wall,
      double ideal,
      double tail,
      long twice,
      int tasks,
      int attempts,
      long kilobytes,
      long largestSplit) {
    double efficiency() {
      return ideal / wall;
    }
  }

  private record Event(double time, long order, Runnable action) {}

  private static final class Machine {
    final int number;
    final double slowness;
    double opened = Double.NaN;
    boolean lost;

    Machine(int number, double slowness) {
      this.number = number;
      this.slowness = slowness;
    }
  }

  /** A core, and what the driver believes that it does. */
  private static final class Slot {
    final Machine machine;
    @Nullable Attempt attempt;
    double freeSince;

    Slot(Machine machine) {
      this.machine = machine;
    }
  }

  private static final class Wave {
    final Deque<Task> pending = new ArrayDeque<>();
    final Deque<Task> copies = new ArrayDeque<>();
    double[] durations = {};
    int finished;
  }

  private static final class Task {
    final Wave wave;
    final Split split;
    final List<Attempt> running = new ArrayList<>(1);
    boolean copied;
    boolean done;

    Task(Wave wave, Split split) {
      this.wave = wave;
      this.split = split;
    }
  }

  /** A run of a task on a core; two attempts are never equal. */
  private static final class Attempt {
    final Task task;
    final Slot slot;
    final double launch;
    final double begin;
    final double end;

    Attempt(Task task, Slot slot, double launch, double begin, double end) {
      this.task = task;
      this.slot = slot;
      this.launch = launch;
      this.begin = begin;
      this.end = end;
    }

    long photosUntil(double time) {
      return (long) (task.split.photos() * Math.max(0, (time - begin) / (end - begin)));
    }
  }

  private final ClusterJob job;
  private final Iterator<Split> splits;
  private final List<Slot> slots = new ArrayList<>();
  private final Deque<Slot> free = new ArrayDeque<>();
  private final Deque<Wave> waves = new ArrayDeque<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingDouble(Event::time).thenComparing(Event::order));

  private @Nullable Wave listed;
  private boolean listing;
  private double now;
  private long eventCount;
  private double driverFree;
  private boolean lossIsOver;

  private long photos;
  private double work;
  private long twice;
  private int tasks;
  private int attempts;
  private long kilobytes;
  private long largestSplit;
  private double wall;

  private ClusterSimulation(ClusterJob job) {
    this.job = job;
    splits = job.splits();
    Machine[] machines = new Machine[job.machines];
    for (int i = 0; i < machines.length; i++) {
      machines[i] = new Machine(i, i < job.slowMachines ? job.slowness : 1);
    }
    for (int core = 0; core < job.cores; core++) {
      for (Machine machine : machines) {
        slots.add(new Slot(machine));
      }
    }
    free.addAll(slots);
    lossIsOver = job.lostMachines == 0;
  }

  static Result run(ClusterJob job) {
    return new ClusterSimulation(job).run();
  }

  private Result run() {
    listWave();
    if (job.quantile <= 1) {
      speculate();
    }
    for (Event event = events.poll(); event != null; event = events.poll()) {
      now = event.time;
      event.action.run();
    }
    double firstFree =
        slots.stream()
            .filter(slot -> !slot.machine.lost)
            .mapToDouble(slot -> slot.freeSince)
            .min()
            .orElseThrow();
    return new Result(
        photos,
        wall,
        work / job.slots(),
        wall - firstFree,
        twice,
        tasks,
        attempts,
        kilobytes,
        largestSplit);
  }

  private void at(double time, Runnable action) {
    events.add(new Event(time, eventCount++, action));
  }

  /** Lists the next wave, while earlier ones run. */
  private void listWave() {
    Wave wave = new Wave();
    int count = 0;
    int most = (int) Math.max(1, Math.rint(job.wave * job.slots()));
    while (wave.pending.size() < most && splits.hasNext()) {
      Split split = splits.next();
      wave.pending.add(new Task(wave, split));
      count += split.photos();
      work += job.work(split);
      kilobytes += split.kilobytes();
      largestSplit = Math.max(largestSplit, split.kilobytes());
    }
    listing = count > 0;
    if (listing) {
      tasks += wave.pending.size();
      wave.durations = new double[wave.pending.size()];
      at(
          now + count / job.listing,
          () -> {
            listed = wave;
            submit();
          });
    }
  }

  private void submit() {
    if (listed != null && waves.size() < WAVES_AT_A_TIME) {
      waves.add(listed);
      listed = null;
      listWave();
      assign();
    }
  }

  /** Gives tasks to free cores. */
  private void assign() {
    for (Iterator<Slot> i = free.iterator(); i.hasNext() && isAnythingPending(); ) {
      Slot slot = i.next();
      Task task = nextFor(slot.machine);
      if (task != null) {
        i.remove();
        start(task, slot);
      }
    }
  }

  private boolean isAnythingPending() {
    for (Wave wave : waves) {
      if (!wave.pending.isEmpty() || !wave.copies.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Task nextFor(Machine machine) {
    for (Wave wave : waves) {
      if (!wave.pending.isEmpty()) {
        return wave.pending.remove();
      }
      wave.copies.removeIf(task -> task.done);
      for (Iterator<Task> i = wave.copies.iterator(); i.hasNext(); ) {
        Task task = i.next();
        // Spark never copies a task to the machine that runs it.
        if (task.running.stream().noneMatch(attempt -> attempt.slot.machine == machine)) {
          i.remove();
          return task;
        }
      }
    }
    return null;
  }

  private void start(Task task, Slot slot) {
    double launch = Math.max(now, driverFree);
    driverFree = launch + 1 / job.launches;
    Machine machine = slot.machine;
    if (Double.isNaN(machine.opened)) {
      machine.opened = launch + job.opening * machine.slowness;
    }
    double begin = Math.max(launch, machine.opened);
    double end = begin + (job.overhead + job.work(task.split)) * machine.slowness;
    Attempt attempt = new Attempt(task, slot, launch, begin, end);
    task.running.add(attempt);
    slot.attempt = attempt;
    attempts++;
    at(end, () -> finish(attempt));
  }

  private void finish(Attempt attempt) {
    if (attempt.slot.attempt != attempt || attempt.slot.machine.lost) {
      return;
    }
    Task task = attempt.task;
    Wave wave = task.wave;
    release(attempt);
    task.done = true;
    for (Attempt other : List.copyOf(task.running)) {
      if (!other.slot.machine.lost) {
        twice += other.photosUntil(now);
      }
      release(other);
    }
    photos += task.split.photos();
    wall = now;
    wave.durations[wave.finished++] = now - attempt.launch;
    if (wave.finished == wave.durations.length) {
      waves.remove(wave);
      submit();
    }
    if (!lossIsOver && 2 * photos >= job.photos) {
      lossIsOver = true;
      loseMachines();
    }
    assign();
  }

  private void release(Attempt attempt) {
    Slot slot = attempt.slot;
    attempt.task.running.remove(attempt);
    slot.attempt = null;
    if (!slot.machine.lost) {
      slot.freeSince = now;
      free.add(slot);
    }
  }

  /** What finished tasks wrote stays. Running tasks run again when the driver knows. */
  private void loseMachines() {
    for (Slot slot : slots) {
      if (slot.machine.number >= job.machines - job.lostMachines) {
        slot.machine.lost = true;
        Attempt attempt = slot.attempt;
        if (attempt != null) {
          twice += attempt.photosUntil(now);
          at(now + job.noticing, () -> runAgain(attempt));
        }
      }
    }
    free.removeIf(slot -> slot.machine.lost);
  }

  private void runAgain(Attempt attempt) {
    Task task = attempt.task;
    if (attempt.slot.attempt == attempt) {
      release(attempt);
      if (task.running.isEmpty()) {
        task.copied = false;
        task.wave.copies.remove(task);
        task.wave.pending.addFirst(task);
        assign();
      }
    }
  }

  /** As Spark's TaskSetManager does, without its check of records read. */
  private void speculate() {
    for (Wave wave : waves) {
      int quorum = Math.max(1, (int) (job.quantile * wave.durations.length));
      if (wave.finished < quorum) {
        continue;
      }
      Arrays.sort(wave.durations, 0, wave.finished);
      double median = wave.durations[wave.finished / 2];
      double threshold = Math.max(MIN_SPECULATED, job.multiplier * median);
      for (Slot slot : slots) {
        Attempt attempt = slot.attempt;
        if (attempt != null && attempt.task.wave == wave && now - attempt.launch > threshold) {
          Task task = attempt.task;
          if (!task.copied) {
            task.copied = true;
            wave.copies.add(task);
          }
        }
      }
    }
    assign();
    if (listing || !waves.isEmpty()) {
      at(now + SPECULATION_INTERVAL, this::speculate);
    }
  }
}
