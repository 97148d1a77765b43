package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The files of a report. */
public final class ReportFiles {
  private ReportFiles() {}

  /** Writes report.html, report.json, classes.csv and images.csv. */
  public static void write(EvaluationReport report, Path folder, List<Example> examples)
      throws IOException {
    AtomicFile.write(folder.resolve("report.json"), out -> ReportJson.write(report, out));
    write(folder.resolve("classes.csv"), ReportCsv.classes(report));
    write(folder.resolve("images.csv"), ReportCsv.images(report));
    write(folder.resolve("report.html"), HtmlReport.of(report, examples));
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
