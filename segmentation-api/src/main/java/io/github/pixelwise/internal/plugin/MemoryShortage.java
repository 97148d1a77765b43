package io.github.pixelwise.internal.plugin;

import java.util.regex.Pattern;

/** Recognizes failures caused by too little memory, from any engine or runtime. */
public final class MemoryShortage {
  /** The wordings of ONNX Runtime, PyTorch, OpenCV, CUDA and C++. */
  private static final Pattern MESSAGE =
      Pattern.compile(
          "out ?of ?memory|not enough memory|failed to allocate|bad_?alloc|bad allocation|cannot"
              + " allocate memory",
          Pattern.CASE_INSENSITIVE);

  private MemoryShortage() {}

  /** Whether a failure, or one of its causes, is a lack of memory. */
  public static boolean isIn(Throwable failure) {
    return failure instanceof OutOfMemoryError
        || MESSAGE.matcher(String.valueOf(failure.getMessage())).find()
        || (failure.getCause() != null && isIn(failure.getCause()));
  }

  /** What to do, as a sentence without its period. */
  public static String advice(Throwable failure) {
    return "There is not enough memory: choose a smaller input or model, "
        + (isHeap(failure) ? "or give Java more with -Xmx" : "or free memory");
  }

  private static boolean isHeap(Throwable failure) {
    return failure instanceof OutOfMemoryError
        || (failure.getCause() != null && isHeap(failure.getCause()));
  }
}
