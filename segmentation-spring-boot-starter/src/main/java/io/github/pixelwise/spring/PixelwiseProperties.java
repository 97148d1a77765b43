package io.github.pixelwise.spring;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * How the segmenter is opened. What is not set is left to the builder, and values are checked by
 * it. A property that does not exist is an error, because a misspelled one would be ignored
 * otherwise.
 *
 * @param enabled Whether to open a segmenter.
 * @param model Name of the model, 'hf:OWNER/NAME' of a fetched model of the Hugging Face Hub, or
 *     path of a model card, of a network beside its card, or of their folder.
 * @param backend Name of the engine that runs the model, such as 'onnx'. By default, the best one
 *     on the class path that works here.
 * @param device Device that the model runs on: 'auto', 'cpu' or 'cuda:N'.
 * @param threads Number of threads that one call may use, 1 to 1024, or 0 for the engine's choice.
 * @param settings Settings of engines by name, such as 'onnx.cuda.memory-limit'.
 * @param batchSize Most photos of one 'segmentAll' in one run of the network, 1 to 256.
 * @param sharedBatches Calls of several threads that share one run of the network.
 * @param augmentation Sizes in which the network sees each photo, and 'mirror' for their mirror
 *     images, such as '1,1.25,mirror'.
 */
@ConfigurationProperties(prefix = PixelwiseProperties.PREFIX, ignoreUnknownFields = false)
record PixelwiseProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String model,
    @Nullable String backend,
    @Nullable String device,
    @Nullable Integer threads,
    @DefaultValue Map<String, String> settings,
    @Nullable Integer batchSize,
    @DefaultValue SharedBatches sharedBatches,
    @Nullable String augmentation) {

  static final String PREFIX = "pixelwise";

  /**
   * Calls of several threads that share one run of the network.
   *
   * @param images Most photos of several callers in one run of the network, 2 to 256, instead of
   *     'pixelwise.batch-size'; 0 lets callers share none.
   * @param time How long the first caller waits for others.
   */
  record SharedBatches(
      @DefaultValue("0") int images, @Name("wait") @DefaultValue("5ms") Duration time) {
    /** What messages show. */
    @Override
    public String toString() {
      return "images: %d, wait: %d ms".formatted(images, time.toMillis());
    }
  }
}
