package io.github.pixelwise.internal.pipeline;

import io.github.pixelwise.InputPlan;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.SegmenterListener;
import java.time.Duration;
import java.util.List;

/**
 * How a segmenter works, apart from its engine.
 *
 * @param plan how images become inputs
 * @param standard whether the plan takes the standard preprocessing alone
 * @param batchSize the most inputs of one run
 * @param sharedWait how long a call waits for others to share a run; zero if none does
 * @param parallelism the threads of preparing and decoding
 * @param listeners who is told
 */
public record SegmenterOptions(
    InputPlan plan,
    boolean standard,
    int batchSize,
    Duration sharedWait,
    Parallelism parallelism,
    List<SegmenterListener> listeners) {
  Events events() {
    return new Events(listeners);
  }
}
