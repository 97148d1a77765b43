package io.github.pixelwise.server;

import io.github.pixelwise.Timings;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Segments a photo, and writes what the client wants of it.
 *
 * @param photos decodes the photo
 * @param parameters what the client wants
 * @param upload the photo, and the background
 * @param asParts whether several products are the parts of a form, not a zip file
 */
record SegmentWork(PhotoWork photos, SegmentParameters parameters, Upload upload, boolean asParts)
    implements Job.Work {
  @Override
  public Answer run(Job job) throws IOException, InterruptedException {
    byte[] background = upload.background();
    long more = background == null ? 0 : ofBackground(() -> photos.heap(background));
    return photos.run(upload.photo(), more, job, photo -> segment(photo, job));
  }

  private Answer segment(Picture photo, Job job) throws IOException {
    Recipe recipe = parameters.recipe(this::background);
    job.stages().begin();
    Products made = recipe.apply(parameters.segmenter(), photo).withName(upload.name());
    Timings timings = made.result().timings();
    job.stages().add("prepare", timings.preprocessing());
    job.stages().add("network", timings.inference());
    job.stages().add("mask", timings.decoding());
    job.checkpoint();
    job.stages().begin();
    Answer answer = write(made, recipe.format(), job);
    job.stages().end("write");
    return answer;
  }

  private Answer write(Products made, PictureFormat format, Job job) throws IOException {
    if (parameters.products().size() > 1) {
      Bundle bundle = asParts ? Bundle.form(job) : Bundle.zip(job);
      for (Product product : parameters.products()) {
        bundle.add(product, format, upload.name(), made);
      }
      return bundle.answer(upload.name());
    }
    Product product = parameters.products().iterator().next();
    PhotoWork.JobOutput out = new PhotoWork.JobOutput(job);
    made.write(product, out);
    return Answer.of(ProductFiles.contentType(product, format), out.toByteArray())
        .with("Content-Disposition", ProductFiles.inline(product.file(upload.name(), format)));
  }

  private Background background() {
    byte[] picture = upload.background();
    if (picture == null) {
      throw new IllegalStateException("a recipe without a background asked for one");
    }
    return ofBackground(() -> Background.ofPicture(photos.read(picture)));
  }

  /** Reads something of the background. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T ofBackground(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      if (Problem.isOutOfMemory(e)) {
        throw new UncheckedIOException(e); // is tried again
      }
      Problem problem = Problem.of(e);
      throw new Problem(problem.status(), "background: " + problem.getMessage());
    }
  }
}
