package io.github.pixelwise.server;

import io.github.pixelwise.imaging.Images;
import java.time.Duration;

/**
 * The limits of a {@link SegmentationServer}: what a request may contain, how many may wait, and
 * how long each step may take. Immutable.
 */
public final class ServerLimits {
  private static final int MEBIBYTE = 1 << 20;

  /** The limits by default; see each method. */
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          50 * MEBIBYTE,
          50_000_000,
          256,
          Runtime.getRuntime().availableProcessors(),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20));

  private final int bytes;
  private final long pixels;
  private final int queue;
  private final int workers;
  private final Duration time;
  private final Duration transfer;
  private final Duration grace;

  private ServerLimits(
      int bytes,
      long pixels,
      int queue,
      int workers,
      Duration time,
      Duration transfer,
      Duration grace) {
    this.bytes = bytes;
    this.pixels = pixels;
    this.queue = queue;
    this.workers = workers;
    this.time = time;
    this.transfer = transfer;
    this.grace = grace;
  }

  /**
   * Sets the size of a request's body.
   *
   * @param bytes the most bytes, at least 1; the default is 50 MiB. A server takes at most an
   *     eighth of the heap.
   * @return limits with this size
   * @throws IllegalArgumentException if it is below 1
   */
  public ServerLimits withBytes(int bytes) {
    require(bytes >= 1, "the most bytes of a request must be at least 1, found " + bytes);
    return new ServerLimits(bytes, pixels, queue, workers, time, transfer, grace);
  }

  /**
   * Sets the size of a photo or a background, which is checked before it is decoded.
   *
   * @param pixels the most pixels, 1 to {@link Images#MAX_PIXELS}; the default is 50 million
   * @return limits with this size
   * @throws IllegalArgumentException if it is out of range
   */
  public ServerLimits withPixels(long pixels) {
    require(
        pixels >= 1 && pixels <= Images.MAX_PIXELS,
        "the most pixels of a photo must be 1 to %d, found %d"
            .formatted(Images.MAX_PIXELS, pixels));
    return new ServerLimits(bytes, pixels, queue, workers, time, transfer, grace);
  }

  /**
   * Sets how many requests may wait for a worker; others are answered with status 429.
   *
   * @param requests the number, at least 1; the default is 256
   * @return limits with this number
   * @throws IllegalArgumentException if it is below 1
   */
  public ServerLimits withQueue(int requests) {
    require(requests >= 1, "the queue must have room for at least 1 request, found " + requests);
    return new ServerLimits(bytes, pixels, requests, workers, time, transfer, grace);
  }

  /**
   * Sets how many photos are worked on at once.
   *
   * @param workers the number of threads, 1 to 1024; the default is the number of processors
   * @return limits with this number
   * @throws IllegalArgumentException if it is out of range
   */
  public ServerLimits withWorkers(int workers) {
    require(workers >= 1 && workers <= 1024, "there must be 1 to 1024 workers, found " + workers);
    return new ServerLimits(bytes, pixels, queue, workers, time, transfer, grace);
  }

  /**
   * Sets how long a request may take from its last byte to its answer, waiting included. Then it is
   * answered with status 503, and given up.
   *
   * @param time the time, above zero; the default is 60 seconds
   * @return limits with this time
   * @throws IllegalArgumentException if it is not above zero
   */
  public ServerLimits withTime(Duration time) {
    return new ServerLimits(
        bytes, pixels, queue, workers, positive(time, "the time of a request"), transfer, grace);
  }

  /**
   * Sets how long a client may take to send a request, or to receive an answer. It may take longer
   * if it is faster than 16 KiB a second; others are cut off.
   *
   * @param time the time, above zero; the default is 30 seconds
   * @return limits with this time
   * @throws IllegalArgumentException if it is not above zero
   */
  public ServerLimits withTransfer(Duration time) {
    return new ServerLimits(
        bytes, pixels, queue, workers, this.time, positive(time, "the time to transfer"), grace);
  }

  /**
   * Sets how long closing the server waits for requests that have begun.
   *
   * @param time the time, above zero; the default is 20 seconds
   * @return limits with this time
   * @throws IllegalArgumentException if it is not above zero
   */
  public ServerLimits withGrace(Duration time) {
    return new ServerLimits(
        bytes, pixels, queue, workers, this.time, transfer, positive(time, "the time to close"));
  }

  private static Duration positive(Duration time, String what) {
    require(time.toMillis() >= 1, "%s must be at least 1 ms, found %s".formatted(what, time));
    return time;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** {@return the most bytes of a request's body} */
  public int bytes() {
    return bytes;
  }

  /** {@return the most pixels of a photo} */
  public long pixels() {
    return pixels;
  }

  /** {@return how many requests may wait} */
  public int queue() {
    return queue;
  }

  /** {@return how many photos are worked on at once} */
  public int workers() {
    return workers;
  }

  /** {@return how long a request may take} */
  public Duration time() {
    return time;
  }

  /** {@return how long a client may take to send or receive} */
  public Duration transfer() {
    return transfer;
  }

  /** {@return how long closing waits} */
  public Duration grace() {
    return grace;
  }
}
