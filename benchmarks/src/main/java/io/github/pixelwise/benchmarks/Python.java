package io.github.pixelwise.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Python interpreter with the packages that the tutorials import. */
final class Python {
  private final String program;

  private Python(String program) {
    this.program = program;
  }

  /**
   * Checks whether a Python interpreter can be used.
   *
   * @param program its name or path
   * @param modules what it must be able to import, with commas between
   * @return the interpreter; empty if it cannot be used, and then the reason is printed
   */
  static Optional<Python> find(String program, String modules) throws IOException {
    String reason;
    try {
      Process process =
          new ProcessBuilder(program, "-c", "import " + modules).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (ended(process) == 0) {
        return Optional.of(new Python(program));
      }
      reason = printed.substring(printed.lastIndexOf('\n') + 1);
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    System.out.printf(
        "Python is skipped: %s. It needs %s (Debian: apt-get install python3-torch"
            + " python3-torchvision python3-opencv python3-pil). Use --python to name another one.%n",
        reason, modules);
    return Optional.empty();
  }

  /** A process builder for one of our scripts. */
  ProcessBuilder script(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.add(Main.home().resolve("benchmarks/src/main/python").resolve(name).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /**
   * Makes a checkpoint.
   *
   * @throws IOException if the script fails; it prints the reason itself
   */
  void makeWeights(Path folder, String network) throws IOException {
    ProcessBuilder script = script("weights.py", folder.toAbsolutePath().toString(), network);
    if (ended(script.inheritIO().start()) != 0) {
      throw new IOException("failed: " + String.join(" ", script.command()));
    }
  }

  private static int ended(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
