package io.github.pixelwise.evaluation.dataset;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of a JSON file of COCO instances: its images and categories, and where in the file
 * their annotations begin. Polygons are read from the file when they are needed.
 */
final class CocoFile {

  /**
   * An image.
   *
   * @param id its number
   * @param file its photograph's name
   * @param width its width in pixels
   * @param height its height in pixels
   */
  record Image(long id, String file, long width, long height) {}

  private static final long[] NONE = {};

  private final Path path;
  private final List<Image> images = new ArrayList<>();
  private final SortedMap<Long, String> categories = new TreeMap<>();

  /** The first byte of each annotation, by image. */
  private final Map<Long, long[]> starts = new HashMap<>();

  /** An annotation of each category that has one. */
  private final SortedMap<Long, Object> used = new TreeMap<>();

  private CocoFile(Path path) {
    this.path = path;
  }

  /** Reads the file once, from its beginning to its end. */
  static CocoFile read(Path path) throws IOException {
    CocoFile file = new CocoFile(path);
    try (InputStream in = Files.newInputStream(path);
        JsonParser parser = Json.FACTORY.createParser(in)) {
      file.read(parser);
    } catch (JsonProcessingException e) {
      throw new IOException("%s is no valid JSON file: %s".formatted(path, Reason.firstLine(e)), e);
    }
    file.check();
    return file;
  }

  private void read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException(path + ": expected COCO instances, found no JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "images" -> readAll(parser, name, this::readImage);
        case "categories" -> readAll(parser, name, this::readCategory);
        case "annotations" -> readAll(parser, name, this::readAnnotation);
        default -> parser.skipChildren();
      }
    }
  }

  @FunctionalInterface
  private interface Element {
    void read(JsonParser parser) throws IOException;
  }

  private void readAll(JsonParser parser, String name, Element element) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException("%s: expected a list of %s".formatted(path, name));
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new IOException("%s: expected an object in %s".formatted(path, name));
      }
      element.read(parser);
    }
  }

  private void readImage(JsonParser parser) throws IOException {
    Map<?, ?> json = Json.map(Json.read(parser, ""));
    if (json.get("id") instanceof Long id
        && json.get("file_name") instanceof String file
        && json.get("width") instanceof Long width
        && json.get("height") instanceof Long height) {
      images.add(new Image(id, file, width, height));
    } else {
      throw new IOException(
          "%s: expected an image with id, file_name, width and height, found %s"
              .formatted(path, json));
    }
  }

  private void readCategory(JsonParser parser) throws IOException {
    Map<?, ?> json = Json.map(Json.read(parser, ""));
    if (!(json.get("id") instanceof Long id) || !(json.get("name") instanceof String name)) {
      throw new IOException(
          "%s: expected a category with id and name, found %s".formatted(path, json));
    }
    String other = categories.put(id, name);
    if (other != null) {
      throw new IOException(
          "%s: the categories %s and %s have one id, %d".formatted(path, other, name, id));
    }
  }

  private void readAnnotation(JsonParser parser) throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    if (start < 0) {
      throw new IOException(path + ": the file is not UTF-8; save it as UTF-8");
    }
    Map<?, ?> json = Json.map(Json.read(parser, "segmentation"));
    if (!(json.get("image_id") instanceof Long image)
        || !(json.get("category_id") instanceof Long category)) {
      throw new IOException(
          "%s: expected an annotation with image_id and category_id, found %s"
              .formatted(path, json));
    }
    starts.merge(image, new long[] {start}, CocoFile::join);
    used.putIfAbsent(category, String.valueOf(json.get("id")));
  }

  private static long[] join(long[] first, long[] second) {
    long[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private void check() throws IOException {
    if (images.isEmpty()) {
      throw new IOException(path + ": the file has no images");
    }
    Map<Long, Image> byId = new HashMap<>();
    for (Image image : images) {
      Image other = byId.put(image.id, image);
      if (other != null) {
        throw new IOException(
            "%s: the images %s and %s have one id, %d"
                .formatted(path, other.file, image.file, image.id));
      }
    }
    for (Long image : starts.keySet()) {
      if (!byId.containsKey(image)) {
        throw new IOException(
            "%s: there are annotations of the image %d, but no such image".formatted(path, image));
      }
    }
    for (Map.Entry<Long, Object> entry : used.entrySet()) {
      if (!categories.containsKey(entry.getKey())) {
        throw new IOException(
            "%s: annotation %s has the category %d, but there is no such category"
                .formatted(path, entry.getValue(), entry.getKey()));
      }
    }
  }

  Path path() {
    return path;
  }

  List<Image> images() {
    return images;
  }

  /** Names by id, in the order of the ids. */
  SortedMap<Long, String> categories() {
    return categories;
  }

  /** Whether an annotation has the category. */
  boolean uses(Long category) {
    return used.containsKey(category);
  }

  /** Reads the annotations of an image. */
  List<Map<?, ?>> annotations(Image image) throws IOException {
    List<Map<?, ?>> annotations = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      for (long start : starts.getOrDefault(image.id, NONE)) {
        annotations.add(annotation(channel, start, image));
      }
    } catch (JsonProcessingException e) {
      throw changed(e);
    }
    return annotations;
  }

  private Map<?, ?> annotation(FileChannel channel, long start, Image image) throws IOException {
    try (JsonParser parser =
        Json.FACTORY.createParser(Channels.newInputStream(channel.position(start)))) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<?, ?> json = Json.map(Json.read(parser, ""));
        if (json.get("image_id") instanceof Long id && id == image.id) {
          return json;
        }
      }
    }
    throw changed(null);
  }

  private IOException changed(@Nullable Throwable cause) {
    return new IOException(path + ": the file has changed since the data set was read", cause);
  }
}
