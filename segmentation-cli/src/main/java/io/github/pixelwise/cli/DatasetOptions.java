package io.github.pixelwise.cli;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what a data set is. */
final class DatasetOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A data set, described by a *.dataset.properties file.")
  private @Nullable Path data;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Photos; those in folders below count, too.")
  private @Nullable Path images;

  @Option(
      names = "--masks",
      paramLabel = "DIR",
      description = "Their true masks, PNG files with the same names.")
  private @Nullable Path masks;

  @Option(
      names = "--labels",
      paramLabel = "SET|NAME,NAME...",
      description =
          "The classes of the masks: a data set (voc, cityscapes, camvid, ade20k), or names separated"
              + " by commas (default: the model's).")
  private @Nullable String labels;

  @Option(
      names = "--values",
      paramLabel = "FILE",
      description =
          "Lines VALUE = CLASS (default: a value is the number of its class; 255 is void).")
  private @Nullable Path values;

  @Option(
      names = "--colors",
      paramLabel = "FILE",
      description = "Lines CLASS = #rrggbb, for masks in colors.")
  private @Nullable Path colors;

  @Option(
      names = "--ignore",
      paramLabel = "VALUE[,VALUE...]",
      description = "More values of the masks that are void.")
  private @Nullable String ignore;

  @Option(
      names = "--resize-masks",
      description = "Resize masks to the size of their photos (default: an error).")
  private boolean resizeMasks;

  @Option(
      names = "--split",
      paramLabel = "LIST|NAME",
      description = "A text file with the names to use, or a split of the data set, such as val.")
  private @Nullable String split;

  @Option(names = "--limit", paramLabel = "N", description = "Use the first N photos only.")
  private @Nullable Integer limit;

  /**
   * Reads the data set.
   *
   * @param modelLabels the classes of the model; null if there is none
   */
  Dataset read(@Nullable LabelMap modelLabels) throws IOException {
    DatasetReader reader;
    if (data != null) {
      if (images != null || masks != null || labels != null || values != null || colors != null) {
        throw wrong(
            "--data describes the data set by itself; leave out --images, --masks, --labels,"
                + " --values, and --colors");
      }
      reader = DatasetReader.of(data);
    } else {
      if (masks == null || (images == null && modelLabels != null)) {
        throw wrong("name a data set with --data FILE, or its folders with --images and --masks");
      }
      reader = folders(masks, labels(modelLabels));
      if (images != null) {
        reader.photographs(images);
      }
    }
    return limited(restricted(reader).read());
  }

  /**
   * Reads predicted masks; {@code --values}, {@code --colors} and {@code --ignore} hold for them,
   * too.
   */
  Dataset predictions(Path folder, Dataset dataset) throws IOException {
    DatasetReader reader = folders(folder, dataset.labels()).palette(dataset.palette());
    if (ignore != null) {
      reader.ignore(ignore);
    }
    return reader.read();
  }

  private DatasetReader folders(Path folder, LabelMap classes) {
    DatasetReader reader = DatasetReader.folders(folder, classes);
    if (values != null) {
      reader.values(values);
    }
    if (colors != null) {
      reader.colors(colors);
    }
    return reader;
  }

  private DatasetReader restricted(DatasetReader reader) {
    if (ignore != null) {
      reader.ignore(ignore);
    }
    if (resizeMasks) {
      reader.resizeMasks();
    }
    if (split != null) {
      if (Files.isRegularFile(Path.of(split))) {
        reader.list(Path.of(split));
      } else if (data != null && !split.contains("/") && !split.contains(".")) {
        reader.split(split);
      } else {
        throw wrong("--split: there is no file " + split);
      }
    }
    return reader;
  }

  private Dataset limited(Dataset dataset) {
    if (limit == null) {
      return dataset;
    }
    if (limit < 1) {
      throw wrong("--limit must be at least 1, found " + limit);
    }
    return dataset.first(limit);
  }

  private LabelMap labels(@Nullable LabelMap modelLabels) {
    if (labels != null) {
      try {
        return LabelMap.parse(labels);
      } catch (IllegalArgumentException e) {
        throw wrong("--labels: " + e.getMessage());
      }
    }
    if (modelLabels == null) {
      throw wrong("name the classes of the masks with --labels");
    }
    return modelLabels;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "injected by picocli").commandLine(), message);
  }
}
