package io.github.pixelwise.spark;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.products.PictureKind;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The column that photographs are in: as the bytes of a file, as the path of a file, or as Spark's
 * own {@code image} data source has them.
 *
 * @param name the column's name
 * @param index its place, as not all rows know their columns
 * @param kind what it holds
 * @param maxPixels the most pixels a photograph may have
 * @param configuration how to reach the file systems of paths
 */
record PhotographColumn(
    String name, int index, Kind kind, long maxPixels, SerializableConfiguration configuration)
    implements Serializable {

  /** What a column holds. */
  enum Kind {
    BYTES,
    PATH,
    IMAGE
  }

  /**
   * Finds out what a column holds.
   *
   * @throws IllegalArgumentException if there is no column with that name, there are several, or
   *     its type is another
   */
  static Kind kind(String name, StructType schema) {
    String[] names = schema.fieldNames();
    if (!Arrays.asList(names).contains(name)) {
      throw new IllegalArgumentException(
          "there is no column \"%s\" with photos; columns are %s. Name it with setInputCol."
              .formatted(
                  name, names.length == 0 ? "missing altogether" : String.join(", ", names)));
    }
    if (Collections.frequency(Arrays.asList(names), name) > 1) {
      throw new IllegalArgumentException(
          "there are several columns \"%s\"; drop or rename all but one".formatted(name));
    }
    DataType type = schema.apply(name).dataType();
    if (type.equals(DataTypes.BinaryType)) {
      return Kind.BYTES;
    }
    if (type.equals(DataTypes.StringType)) {
      return Kind.PATH;
    }
    if (type.catalogString().equals(ImageSchema.columnSchema().catalogString())) {
      return Kind.IMAGE;
    }
    throw new IllegalArgumentException(
        ("the column \"%s\" must hold photos as binary (the content of files), as string (paths),"
                + " or as Spark's image struct; found %s")
            .formatted(name, type.catalogString()));
  }

  /**
   * Reads the photograph of a row.
   *
   * @throws IOException if it is missing or cannot be read
   */
  Picture read(Row row) throws IOException {
    if (row.isNullAt(index)) {
      throw new IOException("there is no photo: the column \"" + name + "\" is null");
    }
    return switch (kind) {
      case BYTES -> Images.readPicture(row.<byte[]>getAs(index), maxPixels);
      case PATH -> readFile(row.getString(index));
      case IMAGE -> image(row.getStruct(index));
    };
  }

  private Picture readFile(String path) throws IOException {
    Path file;
    try {
      file = new Path(path);
    } catch (IllegalArgumentException e) {
      throw new IOException("\"%s\" is not a path: %s".formatted(path, e.getMessage()), e);
    }
    if (PictureKind.of(file.getName()).equals(Optional.of(PictureKind.RAW))) {
      throw new IOException(
          "cannot read %s: %s".formatted(path, PictureKind.RAW.advice(file.getName())));
    }
    return Images.readPicture(HadoopFiles.read(file, configuration.value()), maxPixels);
  }

  /** Spark has the channels of OpenCV: gray, BGR, or BGRA. */
  private Picture image(Row image) throws IOException {
    int width = ImageSchema.getWidth(image);
    int height = ImageSchema.getHeight(image);
    int channels = ImageSchema.getNChannels(image);
    byte[] data = ImageSchema.getData(image);
    long pixels = (long) width * height;
    boolean known = channels == 1 || channels == 3 || channels == 4;
    if (width < 1 || height < 1 || !known || data.length != pixels * channels) {
      throw new IOException(
          "expected an image with 1, 3, or 4 bytes per pixel, found %d x %d pixels, %d channels, and %d bytes"
              .formatted(width, height, channels, data.length));
    }
    if (pixels > maxPixels) {
      throw new IOException(
          "the photo has %d x %d pixels, more than %d. Allow more with setMaxPixels if the heap has 3 to 6 bytes for each."
              .formatted(width, height, maxPixels));
    }
    byte[] rgb = new byte[Math.toIntExact(3 * pixels)];
    byte[] alpha = new byte[channels == 4 ? (int) pixels : 0];
    for (int i = 0; i < pixels; i++) {
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * i + channel] = data[channels * i + (channels == 1 ? 0 : 2 - channel)];
      }
      if (channels == 4) {
        alpha[i] = data[4 * i + 3];
      }
    }
    return new Picture(
        RgbImage.of(width, height, rgb),
        channels == 4 ? Optional.of(AlphaMask.of(width, height, alpha)) : Optional.empty());
  }
}
