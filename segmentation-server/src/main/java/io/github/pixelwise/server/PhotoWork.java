package io.github.pixelwise.server;

import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** What work on every photo has in common: it is decoded, if the heap has room for it. */
final class PhotoWork {
  /** Heap for a photo's pixel: the photo, its mask and scores, and the pictures made of it. */
  private static final int BYTES_PER_PIXEL = 24;

  private final HeapGate gate;
  private final ServerLimits limits;

  PhotoWork(HeapGate gate, ServerLimits limits) {
    this.gate = gate;
    this.limits = limits;
  }

  /** What is done with a photo. */
  @FunctionalInterface
  interface Step {
    Answer run(Picture photo) throws IOException;
  }

  /**
   * Decodes a photo, and does something with it. If the heap turns out to be too small, tries again
   * when nothing else is worked on.
   *
   * @param more the heap needed for more than the photo
   */
  Answer run(byte[] photo, long more, Job job, Step step) throws IOException, InterruptedException {
    long heap = heap(photo) + more;
    try {
      return gate.run(heap, () -> decoded(photo, job, step));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (!Problem.isOutOfMemory(e)) {
        throw e;
      }
    }
    return gate.runAlone(() -> decoded(photo, job, step));
  }

  private Answer decoded(byte[] photo, Job job, Step step) throws IOException {
    job.stages().begin();
    Picture picture = read(photo);
    job.stages().end("decode");
    job.checkpoint();
    return step.run(picture);
  }

  /**
   * How much heap a photo needs, roughly.
   *
   * @throws IOException as {@link #read} does, if it has too many pixels
   */
  long heap(byte[] picture) throws IOException {
    Picture.Size size = Images.readSize(picture);
    long pixels = (long) size.width() * size.height();
    if (pixels > limits.pixels()) {
      read(picture);
    }
    return BYTES_PER_PIXEL * pixels;
  }

  /** Reads a photo or a background; fails before decoding if it has too many pixels. */
  Picture read(byte[] picture) throws IOException {
    return Images.readPicture(picture, limits.pixels());
  }

  /** A stream into memory that ends if the result is no longer wanted. */
  static final class JobOutput extends ByteArrayOutputStream {
    private final Job job;

    JobOutput(Job job) {
      this.job = job;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      job.checkpoint();
      super.write(bytes, offset, length);
    }
  }
}
