package io.github.pixelwise;

import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.BackendContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * What the sessions of fake backends do. It lies outside the packages that jars of plug-ins hold,
 * so that a test and the plug-ins in its class loader share it.
 */
public final class FakeEngine {
  private static final UnaryOperator<FloatTensor> ECHO = UnaryOperator.identity();

  /** The network: returns its input, unless a test sets another. */
  public static volatile UnaryOperator<FloatTensor> network = ECHO;

  /** What sessions say about concurrent runs. */
  public static volatile boolean concurrent = true;

  /** What {@link Device#AUTO} becomes. */
  public static volatile Device bestDevice = Device.CPU;

  /** What sessions say about batches. */
  public static volatile int maxBatch = Integer.MAX_VALUE;

  /** What sessions say about batches of other sizes. */
  public static volatile boolean fixedBatch = false;

  /** What runtime() does, besides answering. */
  public static volatile Runnable runtime = () -> {};

  /** What availability() does, besides answering. */
  public static volatile Runnable availability = () -> {};

  /** What the last session was opened with. */
  public static volatile Optional<BackendContext> context = Optional.empty();

  /** How many sessions are open. */
  public static final AtomicInteger OPEN = new AtomicInteger();

  private FakeEngine() {}

  static void reset() {
    network = ECHO;
    concurrent = true;
    maxBatch = Integer.MAX_VALUE;
    fixedBatch = false;
    runtime = () -> {};
    bestDevice = Device.CPU;
    availability = () -> {};
    context = Optional.empty();
    OPEN.set(0);
  }
}
