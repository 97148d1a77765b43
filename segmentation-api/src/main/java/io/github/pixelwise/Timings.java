package io.github.pixelwise;

import java.time.Duration;

/**
 * Where the time of one image went.
 *
 * @param preprocessing from image to tensor
 * @param inference in the backend, waiting for it included
 * @param decoding from scores to mask
 */
public record Timings(Duration preprocessing, Duration inference, Duration decoding) {}
