package io.github.pixelwise.postprocess.shape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;

/** What the writers of JSON share. */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private Json() {}

  /** Writes to a stream, which is flushed but not closed. */
  static JsonGenerator write(OutputStream out) throws IOException {
    return FACTORY.createGenerator(out);
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
