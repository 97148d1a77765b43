package io.github.pixelwise.benchmarks;

import io.github.pixelwise.benchmarks.Listing.Sizes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How long a Spark job takes on a cluster, and what slows it down. Nothing is measured. */
@Command(
    name = "cluster-plan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Simulates how Spark schedules the photos of a job on the machines of a cluster: skewed"
          + " sizes, slow machines, lost machines, splits too large or too small, slow listings."
          + " Measures nothing; give it the time of a photo on your machines."
    })
final class ClusterPlanCommand implements Callable<Integer> {
  @Mixin private ClusterJob job = new ClusterJob();

  @Override
  public Integer call() {
    job.check();
    System.out.printf(
        Locale.ROOT,
        "%,d photos, %d machines with %d cores: the cores do at most %,.0f photos a second, and the"
            + " driver lists %,.0f. Times are in seconds.%n%n",
        job.photos,
        job.machines,
        job.cores,
        job.slots() / job.secondsPerPhoto,
        job.listing);
    System.out.print(table(job));
    return 0;
  }

  static Table table(ClusterJob job) {
    Table table =
        new Table(
            List.of(
                "scenario",
                "time",
                "ideal",
                "efficiency",
                "tail",
                "photos done twice",
                "tasks",
                "run again",
                "MB of a split: mean",
                "largest"));
    scenarios(job)
        .forEach((name, scenario) -> table.add(row(name, ClusterSimulation.run(scenario))));
    return table;
  }

  private static Map<String, ClusterJob> scenarios(ClusterJob job) {
    Map<String, ClusterJob> all = new LinkedHashMap<>();
    all.put("equal sizes", job.copy().sizes(Sizes.EQUAL));
    all.put("skewed sizes", job.copy());
    all.put("skewed sizes, the largest last", job.copy().sizes(Sizes.SORTED));
    all.put("2 % of the machines 3x slower", job.copy().slow(0.02, 3));
    // The defaults of Spark 4, then those of Spark 3.
    all.put("... speculation 0.9, 3", job.copy().slow(0.02, 3).speculation(0.9, 3));
    all.put("... speculation 0.75, 1.5", job.copy().slow(0.02, 3).speculation(0.75, 1.5));
    all.put("2 % of the machines 10x slower", job.copy().slow(0.02, 10));
    all.put("... with speculation 0.9, 3", job.copy().slow(0.02, 10).speculation(0.9, 3));
    all.put("5 % of the machines lost halfway, noticed at once", job.copy().lost(0.05, 0));
    // The default of spark.network.timeout.
    all.put("... noticed after 120 s", job.copy().lost(0.05, 120));
    all.put(
        "... noticed after 120 s, speculation 0.9, 3",
        job.copy().lost(0.05, 120).speculation(0.9, 3));
    all.put("splits of 1 GB", job.copy().splits(1000));
    all.put("splits of 4 MB", job.copy().splits(4));
    all.put("listing 1,000 photos a second", job.copy().listing(1000));
    all.put("listing 20,000 photos a second", job.copy().listing(20000));
    return all;
  }

  private static List<String> row(String name, ClusterSimulation.Result result) {
    return List.of(
        name,
        Table.number(result.wall(), 0),
        Table.number(result.ideal(), 0),
        Table.number(100 * result.efficiency(), 1) + " %",
        Table.number(result.tail(), 0),
        Table.number((double) result.twice(), 0),
        Table.number(result.tasks(), 0),
        Table.number(result.attempts() - result.tasks(), 0),
        Table.number(result.kilobytes() / 1000.0 / result.tasks(), 1),
        Table.number(result.largestSplit() / 1000.0, 1));
  }
}
