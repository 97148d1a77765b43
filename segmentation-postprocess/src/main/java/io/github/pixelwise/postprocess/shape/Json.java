package io.github.pixelwise.postprocess.shape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What the writers of JSON share. */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private Json() {}

  /** Writes to a stream, which is flushed but not closed. */
  static JsonGenerator write(OutputStream out) throws IOException {
    return FACTORY.createGenerator(out);
  }

  /** Reads from a stream, which is not closed. Run lengths of large pictures are long strings. */
  static JsonParser read(InputStream in) throws IOException {
    return FACTORY.createParser(in);
  }

  /** Begins a line, so that people and diffs can read the file. */
  static void line(JsonGenerator json) throws IOException {
    json.writeRaw('\n');
  }

  /** Writes a number, without a decimal point if it is an integer. */
  static void number(JsonGenerator json, double value) throws IOException {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(value);
    }
  }
}
