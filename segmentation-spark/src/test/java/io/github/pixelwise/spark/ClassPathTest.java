package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.network.tflite.TfLiteModel;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the class path of a cluster has: Spark's versions of libraries that we use, too. */
class ClassPathTest {
  @ParameterizedTest
  @CsvSource({
    "com/fasterxml/jackson/core/JsonFactory.class, jackson-core-2.18.2.jar",
    "com/google/flatbuffers/Table.class, flatbuffers-java-24.3.25.jar",
    "com/google/protobuf/Message.class, protobuf-java-4.29.3.jar",
    "org/slf4j/Logger.class, slf4j-api-2.0.16.jar"
  })
  void librariesAreThoseOfSpark(String type, String jar) {
    URL found = ClassPathTest.class.getClassLoader().getResource(type);

    assertThat(found).asString().contains(jar);
  }

  @Test
  void tensorFlowLiteFilesCanBeRead() throws IOException {
    Path file =
        Path.of(
            "../segmentation-networks/src/test/resources/io/github/pixelwise/network/tflite/person.tflite");

    assertThat(TfLiteModel.read(file).network().layers()).isNotEmpty();
  }
}
