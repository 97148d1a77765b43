package io.github.pixelwise.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartFailureTest {
  private static String explain(Throwable root) {
    Throwable failure = new ExceptionInInitializerError(new IllegalStateException("Failed", root));
    return StartFailure.explain(failure, "some:engine", Path.of("/tmp"), "-Djava.io.tmpdir");
  }

  @Test
  void reportsTheRootCauseAndWhatToDoInOneSentence() {
    assertThat(explain(new AccessDeniedException("/tmp/engine-1")))
        .isEqualTo("/tmp: permission denied. Set -Djava.io.tmpdir to a writable folder");
    assertThat(explain(new IOException("No space left on device")))
        .isEqualTo("no space left on /tmp. Set -Djava.io.tmpdir to a writable folder");
    assertThat(explain(new NoClassDefFoundError("some/Engine")))
        .isEqualTo("there is no class some.Engine. Add some:engine");
    assertThat(explain(new ClassNotFoundException("java.util.logging.Logger")))
        .isEqualTo(
            "this Java runtime lacks the module java.logging. Add it with --add-modules of jlink");
    assertThat(explain(new IllegalStateException("no luck"))).isEqualTo("no luck");
  }

  @Test
  void theOptionForNativeAccessNamesTheModule() {
    assertThat(explain(new IllegalCallerException("Illegal native access from module some.engine")))
        .endsWith(". Start Java with --enable-native-access=some.engine");
    assertThat(
            explain(new IllegalCallerException("Illegal native access from an unnamed module (x)")))
        .endsWith(". Start Java with --enable-native-access=ALL-UNNAMED");
  }

  @Test
  void aLibraryThatDoesNotLoadIsNamedOnce() {
    assertThat(explain(new UnsatisfiedLinkError("/a/b.so: /a/b.so: file too short")))
        .isEqualTo("/a/b.so: file too short");
    assertThat(explain(new UnsatisfiedLinkError("/a/b.so: version `GLIBC_2.99' not found")))
        .endsWith(". On Linux it needs glibc, which Alpine lacks");
  }
}
