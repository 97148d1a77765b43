package io.github.pixelwise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds new photos at some paths, by looking again and again: other ways do not work on network
 * folders. Holds a few words for each photo that is there. Not thread-safe.
 */
final class WatchedFolders {
  private final List<Path> paths;
  private final @Nullable Path output;
  private final Outputs outputs;
  private final Consumer<String> problems;

  /** What each photo looked like the last time. */
  private Map<Photograph, State> states = new HashMap<>();

  /** What was wrong the last time. */
  private Set<String> told = new HashSet<>();

  /**
   * How a file is.
   *
   * @param bytes its length
   * @param changed when it was last changed
   * @param isReturned whether it was returned, in this state
   */
  private record State(long bytes, FileTime changed, boolean isReturned) {}

  /**
   * @param problems is told once what cannot be segmented
   */
  WatchedFolders(
      List<Path> paths, @Nullable Path output, Outputs outputs, Consumer<String> problems) {
    this.paths = paths;
    this.output = output;
    this.outputs = outputs;
    this.problems = problems;
  }

  /**
   * Looks for photos that are new or changed, and complete: their size and time are those of the
   * last look.
   */
  List<Photograph> look() {
    PhotographFinder finder = new PhotographFinder(output).allowEmptyFolders();
    paths.forEach(finder::add);
    List<String> failures = new ArrayList<>(finder.failures());
    List<Photograph> complete = new ArrayList<>();
    try {
      finder.requireDistinctOutputs(outputs);
      complete = complete(finder);
    } catch (IllegalArgumentException e) {
      failures.add(e.getMessage() + " Until then, nothing is segmented.");
    }
    failures.stream().filter(failure -> !told.contains(failure)).forEach(problems);
    told = Set.copyOf(failures);
    return complete;
  }

  private List<Photograph> complete(PhotographFinder finder) {
    Map<Photograph, State> found = new HashMap<>();
    List<Photograph> complete = new ArrayList<>();
    for (Photograph photograph : finder.photographs()) {
      State before = states.get(photograph);
      State now = state(photograph.source(), before);
      if (now == null) {
        continue; // deleted meanwhile
      }
      if (now.equals(before) && !now.isReturned && now.bytes > 0) {
        complete.add(photograph);
        now = new State(now.bytes, now.changed, true);
      }
      found.put(photograph, now);
    }
    states = found;
    return complete;
  }

  private static @Nullable State state(Path file, @Nullable State before) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      boolean wasReturned =
          before != null
              && before.isReturned
              && before.bytes == now.size()
              && before.changed.equals(now.lastModifiedTime());
      return new State(now.size(), now.lastModifiedTime(), wasReturned);
    } catch (IOException e) {
      return null;
    }
  }
}
