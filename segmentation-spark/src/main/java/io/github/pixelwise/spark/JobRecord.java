package io.github.pixelwise.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a table was made with, in a file beside its rows that readers of tables skip. Without it, a
 * job that goes on with another recipe would mix rows that do not go together.
 *
 * @param model the hash of the model
 * @param augmentation the test-time augmentation
 * @param recipe the recipe
 * @param files whether products are in files
 */
record JobRecord(String model, String augmentation, String recipe, boolean files) {
  private static final String NAME = "_pixelwise";

  private String text() {
    return "model = %s\naugmentation = %s\nfiles = %s\n%s\n"
        .formatted(model, augmentation, files, recipe.strip());
  }

  /**
   * Writes the record of a table without rows, or compares it with that of a table that has some.
   *
   * @throws IllegalArgumentException if the table was made in another way
   * @throws IOException if it cannot be read or written
   */
  void keep(Path table, boolean hasRows, Configuration configuration) throws IOException {
    Path file = new Path(table, NAME);
    FileSystem system = HadoopFiles.system(file, configuration);
    if (!hasRows || !system.exists(file)) {
      try (OutputStream out = system.create(file, true)) {
        out.write(text().getBytes(StandardCharsets.UTF_8));
      }
      return;
    }
    String there = new String(HadoopFiles.read(file, configuration), StandardCharsets.UTF_8);
    if (!there.equals(text())) {
      throw new IllegalArgumentException(
          "%s was made with\n%sand would now get rows made with\n%sChoose another output folder, or the same recipe and model."
              .formatted(table, there, text()));
    }
  }
}
