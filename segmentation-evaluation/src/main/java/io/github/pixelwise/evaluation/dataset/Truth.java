package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import java.io.IOException;
import java.nio.file.Path;

/** Where the true mask of one photograph comes from. Keeps little, and may be used by threads. */
interface Truth {
  /** The file, for messages. */
  Path file();

  /** Reads the mask, whatever the photograph's size. */
  CategoryMask read() throws IOException;
}
