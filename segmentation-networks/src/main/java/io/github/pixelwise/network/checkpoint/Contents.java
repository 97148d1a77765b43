package io.github.pixelwise.network.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * The contents of a file.
 *
 * @param tensors the tensors by name, in the file's order
 * @param passedOver the keys of other weights, which were skipped
 */
record Contents(Map<String, WeightTensor> tensors, List<String> passedOver) {}
