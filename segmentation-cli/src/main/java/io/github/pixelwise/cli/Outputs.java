package io.github.pixelwise.cli;

import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a run writes its files, and which of them are missing. Immutable. */
final class Outputs {
  private final Set<Product> products;
  private final @Nullable JoinedOutputs joined;
  private final PictureFormat format;
  private final boolean force;
  private final int kept;

  /**
   * @param products what each photo gets
   * @param joined the files for all photos together; null if each photo gets its own
   * @param format the format of overlays and cutouts
   * @param force whether to write what exists, too
   */
  Outputs(
      Set<Product> products, @Nullable JoinedOutputs joined, PictureFormat format, boolean force) {
    this.products = EnumSet.copyOf(products);
    this.joined = joined;
    this.format = format;
    this.force = force;
    Set<Product> existing = joined == null || force ? Set.of() : joined.existing();
    this.products.removeAll(existing);
    kept = existing.size();
  }

  /** What to write for each photo. */
  Set<Product> products() {
    return Collections.unmodifiableSet(products);
  }

  Path file(Photograph photograph, Product product) {
    if (joined != null && product.isJoinable()) {
      return joined.part(photograph, product);
    }
    Path stem = photograph.stem();
    return stem.equals(Photograph.STANDARD_STREAM)
        ? stem
        : stem.resolveSibling(product.file(stem.getFileName().toString(), format));
  }

  /** How many files for all photos together are there and stay. */
  int kept() {
    return kept;
  }

  /** The files for all photos together. */
  List<Path> joined() {
    return joined == null ? List.of() : joined.files();
  }

  /** Whether a photo's file only becomes part of another. */
  boolean isPart(Product product) {
    return joined != null && product.isJoinable();
  }

  boolean isMissing(Photograph photograph, Product product) {
    return force
        || photograph.source().equals(Photograph.STANDARD_STREAM) // a different photo every time
        || photograph.stem().equals(Photograph.STANDARD_STREAM)
        || !Files.exists(file(photograph, product));
  }
}
