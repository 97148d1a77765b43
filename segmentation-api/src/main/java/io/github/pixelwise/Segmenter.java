package io.github.pixelwise;

import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.tile.ImageRows;
import io.github.pixelwise.tile.MaskRows;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Finds the class of every pixel of an image.
 *
 * <pre>{@code
 * try (Segmenter segmenter = Segmenter.open()) {
 *   SegmentationResult result = segmenter.segment(Images.read(Path.of("photo.jpg")));
 *   int category = result.mask().category(10, 20);
 *   System.out.println(result.labels().name(category));
 * }
 * }</pre>
 *
 * <p>A segmenter owns native memory until closed. It may be used by several threads at once: one
 * for the whole application is enough.
 */
public interface Segmenter extends AutoCloseable {
  /** The model that is opened by default, from {@code pixelwise-models}. */
  String DEFAULT_MODEL = "deeplabv3plus-mobilenetv2-voc";

  /**
   * Opens {@link #DEFAULT_MODEL} on the best available backend and device.
   *
   * @return a segmenter, to be closed by the caller
   * @throws ModelNotFoundException if {@code pixelwise-models} is not on the class path
   * @throws BackendNotFoundException if no backend can run it
   */
  static Segmenter open() {
    return builder().open();
  }

  /**
   * Opens a model on the best available backend and device.
   *
   * @param model the model's name, see {@link Catalog#modelNames()}
   * @return a segmenter, to be closed by the caller
   * @throws ModelNotFoundException if there is no model with that name
   * @throws BackendNotFoundException if no backend can run it
   * @throws ModelLoadException if the model is broken
   */
  static Segmenter open(String model) {
    return builder().model(model).open();
  }

  /**
   * Returns a builder with more choices than {@link #open(String)}.
   *
   * @return a builder, set to {@link #DEFAULT_MODEL} on the best backend and device
   */
  static SegmenterBuilder builder() {
    return new SegmenterBuilder();
  }

  /**
   * Segments one image.
   *
   * @param image the image, neither changed nor kept
   * @param options the mask's size, and what else to keep
   * @return the mask, at the image's size unless the options say otherwise, and whatever else the
   *     options request
   * @throws IllegalArgumentException if the model cannot provide what the options request, or the
   *     image's proportions would make the input too large
   * @throws InferenceException if the engine fails
   * @throws IllegalStateException if this segmenter is closed
   * @throws java.util.concurrent.CancellationException if the options have tiles, and the calling
   *     thread is interrupted between two of them
   */
  SegmentationResult segment(RgbImage image, SegmentationOptions options);

  /**
   * Segments one image, keeping only the mask.
   *
   * @param image the image, neither changed nor kept
   * @return the mask, of the image's size
   * @throws IllegalArgumentException if the image's proportions would make the input too large
   * @throws InferenceException if the engine fails
   * @throws IllegalStateException if this segmenter is closed
   */
  default SegmentationResult segment(RgbImage image) {
    return segment(image, SegmentationOptions.MASK_ONLY);
  }

  /**
   * Segments several images, of any sizes. Images whose inputs have the same size may go through
   * the network together; see {@link SegmenterBuilder#batchSize}.
   *
   * @param images the images, neither changed nor kept
   * @param options as for a single image
   * @return their results, in the same order
   * @throws IllegalArgumentException as for a single image
   * @throws InferenceException if the engine fails
   * @throws IllegalStateException if this segmenter is closed
   */
  default List<SegmentationResult> segmentAll(List<RgbImage> images, SegmentationOptions options) {
    return images.stream().map(image -> segment(image, options)).toList();
  }

  /**
   * Segments several images, of any sizes, keeping only the masks.
   *
   * @param images the images, neither changed nor kept
   * @return their results, in the same order
   * @throws IllegalArgumentException if an image's proportions make for too large an input
   * @throws InferenceException if the engine fails
   * @throws IllegalStateException if this segmenter is closed
   */
  default List<SegmentationResult> segmentAll(List<RgbImage> images) {
    return segmentAll(images, SegmentationOptions.MASK_ONLY);
  }

  /**
   * Segments one image on another thread.
   *
   * @param image the image, neither changed nor kept after the call
   * @param options as for {@link #segment(RgbImage, SegmentationOptions)}
   * @param executor runs the call
   * @return the result, or the exception that the call throws
   */
  default CompletableFuture<SegmentationResult> segmentAsync(
      RgbImage image, SegmentationOptions options, Executor executor) {
    Objects.requireNonNull(image, "image");
    return CompletableFuture.supplyAsync(() -> segment(image, options), executor);
  }

  /**
   * Segments a picture that is too large for memory, from the top, tile by tile. Memory grows with
   * the picture's width, not with its height: it holds a row of tiles, and a band of the mask.
   *
   * @param source the picture, read from its first row; not closed
   * @param options the {@linkplain SegmentationOptions#withTiles tiles}, and how to decide; the
   *     confidence is not kept
   * @param firstRow the first row of the mask to make: 0, or where an earlier run ended. The mask
   *     is the same as that of a run from 0.
   * @param target receives the mask from that row on, in bands
   * @throws IllegalArgumentException if the options have no tiles, or request what tiles cannot
   *     provide, or {@code firstRow} is not a row of the picture
   * @throws IOException if the picture cannot be read, or the mask cannot be kept
   * @throws InferenceException if the engine fails
   * @throws IllegalStateException if this segmenter is closed
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted between
   *     two tiles
   * @throws UnsupportedOperationException if {@link SegmenterBuilder} did not open this segmenter
   */
  default void segment(ImageRows source, SegmentationOptions options, int firstRow, MaskRows target)
      throws IOException {
    throw new UnsupportedOperationException(this + " cannot segment pictures row by row");
  }

  /**
   * The first of three stages: turns an image into the network's inputs. {@link #segment} runs the
   * stages one after the other; call them yourself to change what passes between them, or to run
   * them in different places.
   *
   * @param image the image, neither changed nor kept
   * @return its inputs: one, or as many as {@link SegmenterBuilder#plan} makes
   * @throws IllegalArgumentException if the image's proportions would make the input too large
   * @throws UnsupportedOperationException if this segmenter has no stages because {@link
   *     SegmenterBuilder} did not open it
   */
  default List<ModelInput> prepare(RgbImage image) {
    throw new UnsupportedOperationException(this + " has no stages");
  }

  /**
   * The second stage: runs the network on an image's inputs, and merges their scores.
   *
   * @param inputs all inputs of one image, in the order of {@link #prepare}
   * @return the scores on the network's grid
   * @throws InferenceException if the engine fails
   * @throws IllegalStateException if this segmenter is closed
   * @throws UnsupportedOperationException if this segmenter has no stages because {@link
   *     SegmenterBuilder} did not open it
   */
  default ScoreMap score(List<ModelInput> inputs) {
    throw new UnsupportedOperationException(this + " has no stages");
  }

  /**
   * The third stage: decides the category of every pixel. It needs no engine, so it works even
   * after closing.
   *
   * @param scores the scores of one image
   * @param options as for {@link #segment(RgbImage, SegmentationOptions)}
   * @return the result, with the timing of the decoding only
   * @throws IllegalArgumentException if the model cannot provide what the options request, or they
   *     request sharpening, which needs the image
   * @throws UnsupportedOperationException if this segmenter has no stages because {@link
   *     SegmenterBuilder} did not open it
   */
  default SegmentationResult decode(ScoreMap scores, SegmentationOptions options) {
    throw new UnsupportedOperationException(this + " has no stages");
  }

  /**
   * Returns the model.
   *
   * @return its card, completed by what opening the model revealed: the classes of a network
   *     without a card, and a stride that was 0
   */
  ModelCard model();

  /**
   * Returns what runs the model.
   *
   * @return the backend, the engine's version, the device in use and why it was chosen
   */
  RuntimeInfo runtime();

  /**
   * Frees the model, after waiting for calls in flight. May be called from any thread; closing
   * again does nothing.
   *
   * @throws IllegalStateException if called from within this segmenter's own {@link Preprocessor}
   */
  @Override
  void close();
}
