package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.InputPlan;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.SegmenterListener;
import io.github.pixelwise.TestTimeAugmentation;
import java.time.Duration;
import java.util.List;

/**
 * How a segmenter works, apart from its engine.
 *
 * @param plan how images become inputs
 * @param augmentation the forms of images that the plan averages over, if it is not the user's own
 * @param standard whether the plan uses only the standard preprocessor
 * @param batchSize the maximum number of inputs per run
 * @param sharedWait how long a call waits for others to share a run; zero if none does
 * @param parallelism the threads that prepare and decode
 * @param listeners the listeners to notify
 */
public record SegmenterOptions(
    InputPlan plan,
    TestTimeAugmentation augmentation,
    boolean standard,
    int batchSize,
    Duration sharedWait,
    Parallelism parallelism,
    List<SegmenterListener> listeners) {
  Events events() {
    return new Events(listeners);
  }
}
