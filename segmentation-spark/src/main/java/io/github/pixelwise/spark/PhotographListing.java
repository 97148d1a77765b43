package io.github.pixelwise.spark;

import io.github.pixelwise.products.PictureKind;
import io.github.pixelwise.products.Product;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.functional.RemoteIterators;

/**
 * The photographs in a folder and below, one at a time: never are all of them in memory. Hidden
 * files and folders, what Hadoop leaves of unfinished jobs, and files that are not pictures are
 * left out. Files that begin with an underscore are not hidden, as cameras name photographs {@code
 * _DSC0001.JPG}.
 */
final class PhotographListing implements RemoteIterator<ListedPhotograph> {
  private static final String UNFINISHED = "_temporary";

  private final FileSystem files;
  private final Path root;
  private final Path output;

  /** The folders that are open, the innermost first. */
  private final Deque<RemoteIterator<FileStatus>> folders = new ArrayDeque<>();

  private Optional<ListedPhotograph> next;

  /**
   * Lists a folder, or a single photograph.
   *
   * @param input the folder or the photograph
   * @param output a folder to leave out
   * @throws java.io.FileNotFoundException if there is neither
   */
  PhotographListing(Path input, Path output, Configuration configuration) throws IOException {
    files = HadoopFiles.system(input, configuration);
    FileStatus status = files.getFileStatus(input);
    root = status.getPath();
    this.output = output;
    if (status.isDirectory()) {
      folders.push(list(root));
      next = find();
    } else {
      next = Optional.of(new ListedPhotograph(root.toString(), root.getName(), status.getLen()));
    }
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public ListedPhotograph next() throws IOException {
    ListedPhotograph found = next.orElseThrow();
    next = find();
    return found;
  }

  /**
   * The content of a folder, by name, so that photographs that differ only in their suffixes follow
   * each other. Local file systems alone have another order, and no iterator that saves memory.
   */
  private RemoteIterator<FileStatus> list(Path folder) throws IOException {
    if (files instanceof RawLocalFileSystem) {
      FileStatus[] content = files.listStatus(folder);
      Arrays.sort(content);
      return RemoteIterators.remoteIteratorFromArray(content);
    }
    return files.listStatusIterator(folder);
  }

  private Optional<ListedPhotograph> find() throws IOException {
    while (!folders.isEmpty()) {
      if (!folders.peek().hasNext()) {
        folders.pop();
        continue;
      }
      FileStatus status = folders.peek().next();
      Path path = status.getPath();
      String name = path.getName();
      if (name.startsWith(".")
          || name.equals(UNFINISHED)
          || Product.isPicture(name)
          || path.equals(output)) {
        continue;
      }
      if (status.isDirectory()) {
        folders.push(list(path));
      } else if (PictureKind.of(name).isPresent()) {
        String relative = root.toUri().relativize(path.toUri()).getPath();
        return Optional.of(new ListedPhotograph(path.toString(), relative, status.getLen()));
      }
    }
    return Optional.empty();
  }
}
