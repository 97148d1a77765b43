package io.github.pixelwise.network.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.pixelwise.network.internal.MappedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The <a href="https://huggingface.co/docs/safetensors">safetensors</a> format: the length of the
 * header (8 bytes), the header (JSON), and the bytes of all tensors without gaps.
 */
final class SafeTensors {
  /** The same limit as for a pickle. It limits the heap a hostile header can use. */
  private static final int MAX_HEADER = PickleReader.MAX_BYTES;

  /** The only header key that is not a tensor. */
  static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** A tensor's entry in the header; offsets are relative to the end of the header. */
  private record Description(
      String name, ElementType type, TensorLayout layout, long start, long end) {}

  private SafeTensors() {}

  static void write(Map<String, WeightTensor> tensors, OutputStream out) throws IOException {
    byte[] header = header(tensors);
    if (header.length > MAX_HEADER) {
      throw new IOException(
          "the safetensors header of %d tensors has %d bytes; at most %d can be read, so shorten the names or write several files"
              .formatted(tensors.size(), header.length, MAX_HEADER));
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
      out.write(FloatBytes.of(tensor.getKey(), tensor.getValue()));
    }
  }

  private static byte[] header(Map<String, WeightTensor> tensors) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(header)) {
      json.writeStartObject();
      json.writeObjectFieldStart(METADATA);
      json.writeStringField("format", "pt"); // required by Hugging Face's loaders
      json.writeEndObject();
      long start = 0;
      for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
        List<Integer> shape = tensor.getValue().shape();
        long end = start + (long) Float.BYTES * FloatBytes.elements(shape);
        json.writeObjectFieldStart(tensor.getKey());
        json.writeStringField("dtype", "F32");
        writeNumbers(json, "shape", shape);
        writeNumbers(json, "data_offsets", List.of(start, end));
        json.writeEndObject();
        start = end;
      }
      json.writeEndObject();
    }
    while (header.size() % Long.BYTES != 0) { // so that the tensors are aligned
      header.write(' ');
    }
    return header.toByteArray();
  }

  private static void writeNumbers(JsonGenerator json, String key, List<? extends Number> numbers)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (Number number : numbers) {
      json.writeNumber(number.longValue());
    }
    json.writeEndArray();
  }

  /** Whether a file starts like this format: a length followed by a brace. */
  static boolean isFormat(MappedFile file) throws IOException {
    return file.size() > Long.BYTES && file.slice(Long.BYTES, 1, "the header").get(0) == '{';
  }

  static Map<String, WeightTensor> read(MappedFile file) throws IOException {
    long length = file.slice(0, Long.BYTES, "the length of the header").getLong(0);
    if (length < 0 || length > MAX_HEADER) {
      throw new IOException(
          "its safetensors header has %s bytes; expected at most %d"
              .formatted(Long.toUnsignedString(length), MAX_HEADER));
    }
    ByteBuffer header = file.slice(Long.BYTES, length, "the safetensors header");
    byte[] json = new byte[(int) length];
    header.get(json);
    List<Description> descriptions = describe(json);
    if (descriptions.isEmpty()) {
      throw new IOException("its safetensors header lists no tensors");
    }
    long first = Long.BYTES + length;
    requireWithoutGaps(descriptions, file.size() - first);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (Description tensor : descriptions) {
      ByteBuffer bytes =
          file.slice(first + tensor.start, tensor.end - tensor.start, Text.quote(tensor.name));
      tensors.put(tensor.name, new MappedTensor(file, tensor.type, tensor.layout, bytes));
    }
    return tensors;
  }

  private static List<Description> describe(byte[] json) throws IOException {
    List<Description> descriptions = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      require(parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        require(parser.nextToken(), JsonToken.START_OBJECT, "the entry " + Text.quote(name));
        if (name.equals(METADATA)) {
          parser.skipChildren();
        } else {
          descriptions.add(description(name, parser));
        }
      }
      if (parser.nextToken() != null) {
        throw new IOException("its safetensors header has data after the JSON object");
      }
    } catch (JacksonException e) {
      throw new IOException(
          "its safetensors header is not valid JSON: " + e.getOriginalMessage(), e);
    }
    return descriptions;
  }

  private static Description description(String name, JsonParser parser) throws IOException {
    String where = " of " + Text.quote(name);
    @Nullable String typeName = null;
    @Nullable List<Long> shape = null;
    @Nullable List<Long> offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (key) {
        case "dtype" -> {
          require(value, JsonToken.VALUE_STRING, "the dtype" + where);
          typeName = parser.getText();
        }
        case "shape" -> shape = numbers(parser, "the shape" + where);
        case "data_offsets" -> offsets = numbers(parser, "the data_offsets" + where);
        default -> throw new IOException("unknown key " + Text.quote(key) + where);
      }
    }
    if (typeName == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new IOException("missing dtype, shape or data_offsets" + where);
    }
    String unknown = "the dtype " + Text.quote(typeName) + where + " is not supported";
    ElementType type =
        ElementType.ofSafetensors(typeName).orElseThrow(() -> new IOException(unknown));
    TensorLayout layout = TensorLayout.contiguous(shape);
    long start = offsets.get(0);
    long end = offsets.get(1);
    if (start < 0 || end < start || end - start != (long) layout.elements() * type.bytes()) {
      throw new IOException(
          "the data_offsets %s%s do not match %s %s".formatted(offsets, where, type, shape));
    }
    return new Description(name, type, layout, start, end);
  }

  private static List<Long> numbers(JsonParser parser, String what) throws IOException {
    require(parser.currentToken(), JsonToken.START_ARRAY, what);
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
      numbers.add(parser.getLongValue());
    }
    return numbers;
  }

  private static void require(@Nullable JsonToken found, JsonToken expected, String what)
      throws IOException {
    if (found != expected) {
      throw new IOException(what + " starts with " + found + "; expected " + expected);
    }
  }

  private static void requireWithoutGaps(List<Description> descriptions, long length)
      throws IOException {
    List<Description> inOrder = new ArrayList<>(descriptions);
    inOrder.sort(Comparator.comparingLong(Description::start).thenComparing(Description::end));
    long free = 0;
    for (Description tensor : inOrder) {
      if (tensor.start != free) {
        throw new IOException(
            "%s starts at byte %d of the data, but the previous tensor ends at %d"
                .formatted(Text.quote(tensor.name), tensor.start, free));
      }
      free = tensor.end;
    }
    if (free != length) {
      throw new IOException(
          "its tensors have %d bytes in total, but %d bytes follow the header: the file is truncated or damaged"
              .formatted(free, length));
    }
  }
}
