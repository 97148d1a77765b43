package io.github.pixelwise.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A pipeline that is measured in turn with others, in its own process. */
final class Contender implements AutoCloseable {
  private final String name;

  /** Owned; ended by {@link #close}. */
  private final Process process;

  private final PrintWriter requests;
  private final BufferedReader answers;
  private final String description;
  private final List<Times> runs = new ArrayList<>();

  private Contender(String name, Process process) throws IOException {
    this.name = name;
    this.process = process;
    this.requests = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.description = answer();
  }

  /** Starts a pipeline in a JVM like this one. */
  static Contender java(String name, WorkerCommand.Kind kind, Path card, String backend)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "worker",
            kind.name(),
            card.toString(),
            backend);
    // docs/configuration.md recommends this for PyTorch.
    builder.environment().putIfAbsent("OMP_WAIT_POLICY", "passive");
    return start(name, builder);
  }

  /** Starts a program that answers like {@link WorkerCommand}. */
  static Contender start(String name, ProcessBuilder program) throws IOException {
    Process process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new Contender(name, process);
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(name + ": its process has ended; see its message above");
    }
    return line;
  }

  /** Runs the pipeline once. */
  Times run(Pipeline.Files files) throws IOException {
    requests.println(
        String.join(
            "\t",
            Arrays.asList(
                "run",
                files.photo().toAbsolutePath().toString(),
                files.overlay().toString(),
                files.cutout().toString(),
                files.mask())));
    return Times.parse(answer());
  }

  /** Runs the pipeline once and records the times. */
  void measure(Pipeline.Files files) throws IOException {
    runs.add(run(files));
  }

  /** The recorded runs, in order. */
  List<Times> runs() {
    return runs;
  }

  /** The peak resident memory in kB; 0 if unknown. */
  long memory() throws IOException {
    requests.println("memory");
    return Long.parseLong(answer());
  }

  /** Name and engine, in a few words. */
  String label() {
    return name + ", " + description.split(" ", 2)[0];
  }

  String name() {
    return name;
  }

  /** The names and versions of pipeline and engine. */
  String description() {
    return description;
  }

  @Override
  public void close() {
    requests.close(); // ends the process
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
