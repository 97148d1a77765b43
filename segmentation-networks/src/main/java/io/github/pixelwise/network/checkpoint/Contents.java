package io.github.pixelwise.network.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * What was found in a file.
 *
 * @param tensors the tensors by name, in the file's order
 * @param passedOver where other weights lie, which were not taken
 */
record Contents(Map<String, WeightTensor> tensors, List<String> passedOver) {}
