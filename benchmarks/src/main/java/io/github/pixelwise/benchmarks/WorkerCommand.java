package io.github.pixelwise.benchmarks;

import io.github.pixelwise.Segmenter;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * A pipeline in its own process, so that it shares neither memory nor processor time with other
 * engines. Answers lines like {@code tutorial.py}.
 */
@Command(name = "worker", hidden = true)
final class WorkerCommand implements Callable<Integer> {
  /** The available pipelines. */
  enum Kind {
    PIXELWISE,
    ENGINE,
    TRANSLATOR
  }

  @Parameters(index = "0")
  private Kind kind = Kind.PIXELWISE;

  @Parameters(index = "1")
  private Path card = Path.of("");

  @Parameters(index = "2", defaultValue = "onnx")
  private String backend = "";

  @Override
  public Integer call() throws IOException {
    // Nothing else that is printed may look like an answer.
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Pipeline pipeline = open()) {
      answers.println(pipeline.description());
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        String[] fields = line.split("\t", -1);
        answers.println(
            fields[0].equals("memory")
                ? Memory.highWaterMark()
                : pipeline.run(
                    new Pipeline.Files(
                        Path.of(fields[1]), Path.of(fields[2]), Path.of(fields[3]), fields[4])));
      }
    }
    return 0;
  }

  private Pipeline open() throws IOException {
    return switch (kind) {
      case PIXELWISE ->
          new PixelwisePipeline(Segmenter.builder().model(card).backend(backend).open());
      case ENGINE -> new EngineAlone(card);
      case TRANSLATOR -> new DjlTranslator(card);
    };
  }
}
