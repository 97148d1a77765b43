package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * A photograph of a data set and its true mask. Reads nothing until asked, and keeps nothing, so
 * that a data set of any length takes little memory. May be used by several threads.
 */
public interface Sample {
  /** {@return the name, one of its kind in the data set, such as {@code 2007_000033}} */
  String name();

  /**
   * Reads the photograph.
   *
   * @return the photograph
   * @throws IOException if it cannot be read; the message names the file
   */
  RgbImage photograph() throws IOException;

  /**
   * Reads the true mask. Its categories are the classes of {@link Dataset#labels} and their ignore
   * index.
   *
   * @return the mask, of the photograph's size
   * @throws IOException if it cannot be read, has a value that is no class, or is of another size;
   *     the message names the file
   */
  CategoryMask truth() throws IOException;

  /**
   * Returns the size of the photograph's file, which shows whether it was replaced.
   *
   * @return the number of bytes; empty, as by default, if the photograph is not in a file
   * @throws IOException if the size cannot be read; the message names the file
   */
  default OptionalLong bytes() throws IOException {
    return OptionalLong.empty();
  }
}
