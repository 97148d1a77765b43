package io.github.pixelwise.benchmarks;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Good, bad, huge, slow, and aborted requests to a server, all at once. */
@Command(
    name = "server-load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends requests to a server on this machine, for example './segment serve': good ones, and"
          + " ones that are bad, huge, slow, or aborted. Prints how each kind was answered, and how"
          + " long the good ones took. Exits with 1 if a good one failed."
    })
final class ServerLoadCommand implements Callable<Integer> {
  private static final String SEGMENT = "/v1/segment?write=mask,json";
  private static final String JPEG = "image/jpeg";
  private static final int ALONE = 50;
  private static final Random RANDOM = new Random(1);

  @Option(names = "--port", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Option(names = "--seconds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int seconds = 300;

  @Option(names = "--photos", paramLabel = "DIR", required = true, description = "JPEG files.")
  private Path folder = Path.of("");

  @Option(names = "--good", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int good = 120;

  @Option(names = "--bad", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int bad = 30;

  @Option(names = "--huge", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int huge = 15;

  @Option(names = "--slow", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int slow = 20;

  @Option(names = "--aborted", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int aborted = 15;

  /** How requests were answered, by their kind. */
  private final Map<String, Map<String, Integer>> answers = new ConcurrentHashMap<>();

  private final List<Double> times = new ArrayList<>();
  private volatile long end;

  /** A client that sends one request. */
  @FunctionalInterface
  private interface Request {
    String answer() throws IOException, InterruptedException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<byte[]> photos = photos();
    double alone = alone(photos);
    byte[] many = manyPixels();
    Table memory = new Table(List.of("after s", "heap MB", "waiting", "photos/s"));
    ExecutorService clients = Executors.newCachedThreadPool();
    long start = System.nanoTime();
    end = start + TimeUnit.SECONDS.toNanos(seconds);
    clients(clients, "good", good, () -> good(photos));
    clients(clients, "bad", bad, this::bad);
    clients(clients, "huge", huge, () -> huge(many));
    clients(clients, "slow", slow, this::slow);
    clients(clients, "aborted", aborted, () -> aborted(photos));
    clients.shutdown();
    int step = Math.max(1, seconds / 10);
    int before = 0;
    while (!clients.awaitTermination(step, TimeUnit.SECONDS)) {
      int done = done();
      memory.add(
          List.of(
              String.valueOf((System.nanoTime() - start) / 1_000_000_000),
              Table.number(meter("jvm_memory_used_bytes{area=\"heap\"") / 1e6, 0),
              Table.number(meter("pixelwise_server_waiting"), 0),
              Table.number((double) (done - before) / step, 1)));
      before = done;
    }
    System.out.println(memory);
    return report(alone, (System.nanoTime() - start) / 1e9);
  }

  private int report(double alone, double elapsed) {
    Table kinds = new Table(List.of("requests", "answers"));
    new TreeMap<>(answers).forEach((kind, found) -> kinds.add(List.of(kind, found.toString())));
    System.out.println(kinds);
    List<Double> sorted = times.stream().sorted().toList();
    System.out.printf(
        "%d good in %.0f s: %.1f photos/s; alone %.0f ms; median %.1f s, p99 %.1f s, longest %.1f"
            + " s%n",
        sorted.size(),
        elapsed,
        sorted.size() / elapsed,
        alone * 1e3,
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() * 99 / 100),
        sorted.get(sorted.size() - 1));
    long failed =
        answers.getOrDefault("good", Map.of()).entrySet().stream()
            .filter(entry -> !entry.getKey().equals("200"))
            .mapToInt(Map.Entry::getValue)
            .sum();
    System.out.println(failed + " good requests failed");
    return failed == 0 ? 0 : 1;
  }

  private List<byte[]> photos() throws IOException {
    List<byte[]> photos = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".jpg")).sorted().toList()) {
        photos.add(Files.readAllBytes(file));
      }
    }
    if (photos.isEmpty()) {
      throw new IOException("there is no .jpg file in " + folder);
    }
    return photos;
  }

  /** The median time of a request without others, in seconds. */
  private double alone(List<byte[]> photos) throws IOException {
    List<Double> alone = new ArrayList<>();
    try (ServerConnection server = new ServerConnection(port)) {
      for (int i = 0; i < ALONE; i++) {
        long start = System.nanoTime();
        server.post(SEGMENT, JPEG, photos.get(i % photos.size()));
        alone.add((System.nanoTime() - start) / 1e9);
      }
    }
    return alone.stream().sorted().toList().get(ALONE / 2);
  }

  private void clients(ExecutorService clients, String kind, int number, Request request) {
    for (int i = 0; i < number; i++) {
      clients.execute(
          () -> {
            while (System.nanoTime() < end) {
              String answer;
              try {
                answer = request.answer();
              } catch (IOException e) {
                answer = String.valueOf(e.getMessage());
              } catch (InterruptedException e) {
                return;
              }
              answers
                  .computeIfAbsent(kind, name -> new ConcurrentHashMap<>())
                  .merge(answer, 1, Integer::sum);
            }
          });
    }
  }

  /** Sends photos on one connection until the end; tries again if it is told to. */
  private String good(List<byte[]> photos) throws IOException, InterruptedException {
    try (ServerConnection server = new ServerConnection(port)) {
      while (true) {
        byte[] photo = photos.get(random(photos.size()));
        long start = System.nanoTime();
        int status = server.post(SEGMENT, JPEG, photo);
        if (status == 429) {
          answers
              .computeIfAbsent("good, to be tried again", name -> new ConcurrentHashMap<>())
              .merge("429", 1, Integer::sum);
          TimeUnit.SECONDS.sleep(server.retryAfter());
          continue;
        }
        if (status == 200) {
          synchronized (times) {
            times.add((System.nanoTime() - start) / 1e9);
          }
        }
        if (status != 200 || System.nanoTime() > end) {
          return String.valueOf(status);
        }
        answers
            .computeIfAbsent("good", name -> new ConcurrentHashMap<>())
            .merge("200", 1, Integer::sum);
      }
    }
  }

  private int done() {
    synchronized (times) {
      return times.size();
    }
  }

  private static int random(int bound) {
    synchronized (RANDOM) {
      return RANDOM.nextInt(bound);
    }
  }

  private String bad() throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(100);
    byte[] text = "This is no photograph.".getBytes(StandardCharsets.UTF_8);
    try (ServerConnection server = new ServerConnection(port)) {
      return String.valueOf(
          switch (random(3)) {
            case 0 -> server.post(SEGMENT, JPEG, text);
            case 1 -> server.post("/v1/segment?wirte=mask", JPEG, text);
            default -> server.post(SEGMENT, "text/plain", text);
          });
    }
  }

  /** A small file of a photo with too many pixels. */
  private static byte[] manyPixels() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(15000, 15000, BufferedImage.TYPE_BYTE_BINARY), "png", bytes);
    return bytes.toByteArray();
  }

  private String huge(byte[] many) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(100);
    try (ServerConnection server = new ServerConnection(port)) {
      if (random(2) == 0) {
        return String.valueOf(server.post(SEGMENT, "image/png", many));
      }
      server.out().write(ServerConnection.header("POST", SEGMENT, JPEG, 1L << 33));
      return String.valueOf(server.status());
    }
  }

  private String slow() throws IOException, InterruptedException {
    try (ServerConnection server = new ServerConnection(port)) {
      server.out().write(ServerConnection.header("POST", SEGMENT, JPEG, 1_000_000));
      while (System.nanoTime() < end) {
        server.out().write(new byte[100]);
        TimeUnit.MILLISECONDS.sleep(100);
      }
      return "end of the test";
    } catch (IOException e) {
      return "cut off";
    }
  }

  private String aborted(List<byte[]> photos) throws IOException, InterruptedException {
    byte[] photo = photos.get(random(photos.size()));
    try (ServerConnection server = new ServerConnection(port)) {
      server.out().write(ServerConnection.header("POST", SEGMENT, JPEG, photo.length));
      server.out().write(photo, 0, random(2) == 0 ? photo.length : photo.length / 2);
      TimeUnit.MILLISECONDS.sleep(random(2000));
    }
    return "aborted";
  }

  /** The sum of a meter's values. */
  private double meter(String prefix) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    String meters = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return meters
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
