package io.github.pixelwise.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets Ctrl-C end what is done in good order: files that are being written are finished or deleted,
 * nothing else is begun, and a network is closed before the JVM goes down. If that takes longer
 * than some seconds, as an engine may that looks at nothing, or at a second Ctrl-C, the JVM is
 * halted.
 *
 * <p>A shutdown hook would come too late: ONNX Runtime has one of its own, which frees what a
 * thread that is opening a network still uses (microsoft/onnxruntime#31352).
 */
final class Interruption implements AutoCloseable {
  private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /** How long good order may take. */
  private static final int PATIENCE_SECONDS = 4;

  private final Map<String, Object> former = new HashMap<>();
  private @Nullable Runnable stop;
  private volatile @Nullable Runnable abandon;
  private OptionalInt signal = OptionalInt.empty();

  /** From now on signals are caught. */
  Interruption() {
    SIGNALS.forEach(
        (name, number) ->
            handle(name, catching(number)).ifPresent(handler -> former.put(name, handler)));
  }

  /** Says how what has begun is stopped. */
  synchronized void stops(Runnable begun) {
    stop = begun;
    if (signal.isPresent()) {
      begun.run();
    }
  }

  /** Says what must be done before the JVM is halted; it must take no time. */
  void abandons(Runnable begun) {
    abandon = begun;
  }

  /** The exit status of a run that was interrupted, as shells have it; empty if it was not. */
  synchronized OptionalInt exitStatus() {
    return signal.isPresent() ? OptionalInt.of(128 + signal.getAsInt()) : OptionalInt.empty();
  }

  private synchronized void interrupt(int number) {
    if (signal.isPresent()) {
      halt(number);
    }
    signal = OptionalInt.of(number);
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS, Runnable::run)
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

  /** Lets the signals go their former ways. */
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

  // By reflection, because the compiler warns of these classes and lets nobody suppress it,
  // although
  // the module jdk.unsupported exports them for want of a replacement.
  private static Optional<Object> handle(String name, Object handler) {
    Class<?> signal = type("sun.misc.Signal");
    try {
      return Optional.of(
          signal
              .getMethod("handle", signal, type("sun.misc.SignalHandler"))
              .invoke(null, signal.getConstructor(String.class).newInstance(name), handler));
    } catch (InvocationTargetException e) {
      // Windows has no HUP, and a JVM run with -Xrs keeps its signals to itself.
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
