package io.github.pixelwise.cli.internal;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * Ends the command cleanly on Ctrl-C: files that are being written are finished or deleted, nothing
 * new is started, and the network is closed before the JVM exits. If that takes more than a few
 * seconds, for example because an engine is stuck in native code, or on a second Ctrl-C, the JVM is
 * halted.
 *
 * <p>A shutdown hook would run too late: ONNX Runtime's own hook frees memory that a thread still
 * uses while it opens a network (microsoft/onnxruntime#31352).
 */
public final class Interruption implements AutoCloseable {
  private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /** How long a clean end may take, if nothing else is said. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** Work that fails if its thread is interrupted. */
  public interface Work {
    /**
     * Does the work.
     *
     * @throws IOException if it fails, or is interrupted
     */
    void run() throws IOException;
  }

  private final Duration patience;
  private final Map<String, Object> former = new HashMap<>();
  private @Nullable Runnable stop;
  private volatile @Nullable Runnable abandon;
  private OptionalInt signal = OptionalInt.empty();

  /** Starts catching signals. */
  public Interruption() {
    this(PATIENCE);
  }

  /**
   * Starts catching signals.
   *
   * @param patience how long a clean end may take
   */
  public Interruption(Duration patience) {
    this.patience = patience;
    SIGNALS.forEach(
        (name, number) ->
            handle(name, catching(number)).ifPresent(handler -> former.put(name, handler)));
  }

  /**
   * Does work in this thread, which Ctrl-C interrupts.
   *
   * @param what the work, for the message, such as "the conversion"
   * @param err where to say that it was interrupted
   * @param work the work
   * @return the exit status
   * @throws IOException if the work fails
   */
  public static int interrupting(String what, PrintWriter err, Work work) throws IOException {
    try (Interruption interruption = new Interruption()) {
      interruption.stops(Thread.currentThread()::interrupt);
      try {
        work.run();
      } catch (IOException e) {
        if (interruption.exitStatus().isEmpty()) {
          throw e;
        }
        err.println("segment: " + what + " was interrupted");
        return interruption.exitStatus().getAsInt();
      }
    }
    return ExitCode.OK;
  }

  /**
   * Sets how to stop the work that has begun.
   *
   * @param begun stops it; called at once if the run was interrupted before
   */
  public synchronized void stops(Runnable begun) {
    stop = begun;
    if (signal.isPresent()) {
      begun.run();
    }
  }

  /**
   * Sets what to do before the JVM is halted.
   *
   * @param begun what to do; it must return at once
   */
  public void abandons(Runnable begun) {
    abandon = begun;
  }

  /** {@return the exit status of an interrupted run, as shells define it; else empty} */
  public synchronized OptionalInt exitStatus() {
    return signal.isPresent() ? OptionalInt.of(128 + signal.getAsInt()) : OptionalInt.empty();
  }

  private synchronized void interrupt(int number) {
    if (signal.isPresent()) {
      halt(number);
    }
    signal = OptionalInt.of(number);
    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
        .execute(() -> halt(number));
    if (stop != null) {
      stop.run();
    }
  }

  private void halt(int number) {
    Runnable begun = abandon;
    if (begun != null) {
      begun.run();
    }
    Runtime.getRuntime().halt(128 + number);
  }

  /** Restores the former signal handlers. */
  @Override
  public void close() {
    former.forEach((name, handler) -> handle(name, handler));
  }

  private Object catching(int number) {
    return Proxy.newProxyInstance(
        Interruption.class.getClassLoader(),
        new Class<?>[] {type("sun.misc.SignalHandler")},
        (proxy, method, args) -> {
          interrupt(number);
          return null;
        });
  }

  // By reflection: the compiler warns about these classes, and the warning cannot be suppressed,
  // although jdk.unsupported exports them because there is no replacement.
  private static Optional<Object> handle(String name, Object handler) {
    Class<?> signal = type("sun.misc.Signal");
    try {
      return Optional.of(
          signal
              .getMethod("handle", signal, type("sun.misc.SignalHandler"))
              .invoke(null, signal.getConstructor(String.class).newInstance(name), handler));
    } catch (InvocationTargetException e) {
      // Windows has no HUP, and with -Xrs the JVM does not pass signals on.
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the module jdk.unsupported is missing", e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the module jdk.unsupported is missing", e);
    }
  }
}
