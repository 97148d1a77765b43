package io.github.pixelwise.spark;

import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.internal.file.ModelFiles;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model on its way from the driver to the executors, so that they need not have it. It travels as
 * an archive of its card and its files, from executor to executor. The first one of a machine puts
 * it into the machine's cache, where the others find it.
 */
final class ShippedModel implements Serializable {
  private static final long serialVersionUID = 1;

  private static final String CARD = "model.properties";
  private static final String FOLDER = "spark";
  private static final int PART_LENGTH = 8 << 20;

  /** The models that this JVM has sent. */
  private static final Map<Sent, ShippedModel> SENT = new ConcurrentHashMap<>();

  private record Sent(String application, ModelCard card) {}

  private final String hash;
  private final long length;
  private final Broadcast<List<byte[]>> archive;

  private ShippedModel(String hash, long length, Broadcast<List<byte[]>> archive) {
    this.hash = hash;
    this.length = length;
    this.archive = archive;
  }

  /**
   * Lets the executors of an application fetch a model.
   *
   * @throws IOException if a file of the model cannot be read, or the archive cannot be written
   * @throws io.github.pixelwise.ModelLoadException if a file is missing or damaged
   */
  static ShippedModel ship(JavaSparkContext context, ModelCard card) throws IOException {
    Sent key = new Sent(context.sc().applicationId(), card);
    ShippedModel sent = SENT.get(key);
    if (sent == null) {
      sent = send(context, card);
      SENT.put(key, sent);
    }
    return sent;
  }

  private static ShippedModel send(JavaSparkContext context, ModelCard card) throws IOException {
    Path folder = Files.createTempDirectory("pixelwise-");
    try {
      Path archive = folder.resolve("model.zip");
      String hash = pack(card, archive);
      List<byte[]> parts = new ArrayList<>();
      try (InputStream in = Files.newInputStream(archive)) {
        for (byte[] part = in.readNBytes(PART_LENGTH);
            part.length > 0;
            part = in.readNBytes(PART_LENGTH)) {
          parts.add(part);
        }
      }
      return new ShippedModel(hash, Files.size(archive), context.broadcast(parts));
    } finally {
      Files.deleteIfExists(folder.resolve("model.zip"));
      Files.deleteIfExists(folder.resolve(CARD));
      Files.delete(folder);
    }
  }

  /** The hash of the model's card and files. */
  String hash() {
    return hash;
  }

  /**
   * The model, on an executor.
   *
   * @throws IOException if it cannot be put into the machine's cache
   */
  ModelCard card() throws IOException {
    String name = hash + ".zip";
    CacheFolders cache = CacheFolders.configured();
    Optional<Path> cached = Optional.empty();
    for (Path folder : cache.trusted(FOLDER)) {
      Path file = folder.resolve(name);
      if (cached.isEmpty() && Files.isRegularFile(file) && Files.size(file) == length) {
        cached = Optional.of(file);
      }
    }
    Path file = cached.isPresent() ? cached.get() : fetch(cache, name);
    return ModelCard.read(URI.create("jar:" + file.toUri() + "!/" + CARD).toURL());
  }

  private Path fetch(CacheFolders cache, String name) throws IOException {
    Path folder =
        cache
            .writable(FOLDER)
            .orElseThrow(
                () ->
                    new IOException(
                        "the model has no place on this machine: " + cache.whyNotWritable(FOLDER)));
    Path file = folder.resolve(name);
    AtomicFile.write(
        file,
        out -> {
          for (byte[] part : archive.value()) {
            out.write(part);
          }
        });
    return file;
  }

  /** Writes an archive with a card and its files; returns a hash of all of them. */
  private static String pack(ModelCard card, Path archive) throws IOException {
    List<ModelFile> files = new ArrayList<>();
    Map<String, Path> contents = new LinkedHashMap<>();
    for (ModelFile file : card.files()) {
      Path network = ModelFiles.resolve(card, file);
      String entry = file.format() + "/" + network.getFileName();
      contents.put(entry, network);
      for (String weights : ExternalWeights.of(file.format(), network)) {
        contents.put(file.format() + "/" + weights, ExternalWeights.locate(network, weights));
      }
      files.add(
          new ModelFile(
              file.format(),
              archive.resolveSibling(entry).toUri(),
              Optional.of(ExternalWeights.hash(file.format(), network))));
    }
    Path packedCard = archive.resolveSibling(CARD);
    card.toBuilder().files(files).build().write(packedCard);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.setLevel(Deflater.NO_COMPRESSION); // weights hardly shrink
      add(CARD, packedCard, zip);
      for (Map.Entry<String, Path> content : contents.entrySet()) {
        add(content.getKey(), content.getValue(), zip);
      }
    }
    return Sha256.of(packedCard); // it has the hashes of the files
  }

  private static void add(String name, Path file, ZipOutputStream zip) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    Files.copy(file, zip);
  }
}
