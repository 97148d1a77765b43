package io.github.pixelwise.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.model.ModelInput;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.ClassPathResource;

/** Errors name the property, and say what is wrong with its value. */
class WrongPropertiesTest {
  @TempDir private Path folder;

  /** Asserts that a property is named, and the message begins so. */
  private static void assertWrong(
      ApplicationContextRunner runner, String property, String value, String reason) {
    runner
        .withPropertyValues(property + "=" + value)
        .run(context -> assertWrong(context.getStartupFailure(), property, value, reason));
  }

  private static void assertWrong(
      @Nullable Throwable failure, String property, String value, String reason) {
    @Nullable Throwable wrong = failure;
    while (wrong != null && !(wrong instanceof InvalidConfigurationPropertyValueException)) {
      wrong = wrong.getCause();
    }
    assertThat(wrong)
        .as("what names the property in %s", failure)
        .isInstanceOfSatisfying(
            InvalidConfigurationPropertyValueException.class,
            found -> {
              assertThat(found.getName()).isEqualTo(property);
              assertThat(found.getValue()).hasToString(value);
              assertThat(found.getReason()).contains(reason);
            });
  }

  private ApplicationContextRunner tiny() throws IOException {
    return Runners.tiny(folder);
  }

  @Test
  void modelThatDoesNotExistIsNamed() {
    assertWrong(
        Runners.embedded(),
        "pixelwise.model",
        "deeplabv3plus-mobilenetv2-vok",
        "there is no model \"deeplabv3plus-mobilenetv2-vok\" on the class path (did you mean"
            + " \"deeplabv3plus-mobilenetv2-voc\"?)");
  }

  @Test
  void modelThatWasNotFetchedIsNamed() {
    assertWrong(
        Runners.embedded(), "pixelwise.model", "hf:someone/something", "has not been fetched yet");
  }

  @Test
  void fileThatDoesNotExistIsNamed() {
    assertWrong(
        Runners.embedded(),
        "pixelwise.model",
        "/nowhere/card.properties",
        "/nowhere/card.properties");
  }

  @Test
  void backendThatDoesNotExistIsNamed() throws IOException {
    assertWrong(
        Runners.embedded(),
        "pixelwise.backend",
        "onyx",
        "there is no backend \"onyx\" on the class path (did you mean \"onnx\"?)");
  }

  @Test
  void deviceThatDoesNotExistIsNamed() throws IOException {
    assertWrong(tiny(), "pixelwise.device", "gpu", "a device is cpu, auto or cuda:N");
  }

  @Test
  void deviceThatIsNotThereIsNamed() throws IOException {
    assertWrong(tiny(), "pixelwise.device", "cuda:7", "cuda:7");
  }

  @Test
  void numberOfThreadsOutOfRangeIsNamed() throws IOException {
    assertWrong(tiny(), "pixelwise.threads", "1025", "threads must lie in 0..1024, found 1025");
  }

  @Test
  void nameOfASettingWithoutBackendIsNamed() throws IOException {
    assertWrong(tiny(), "pixelwise.settings.loud", "on", "a setting's name must be BACKEND.NAME");
  }

  @Test
  void settingThatDoesNotExistIsNamed() throws IOException {
    assertWrong(
        tiny(),
        "pixelwise.settings.recording.loud-voices",
        "on",
        "backend recording has no setting recording.loud-voices");
  }

  @Test
  void valueOfASettingIsNamed() throws IOException {
    assertWrong(tiny(), "pixelwise.settings.recording.loud-voice", "very", "recording.loud-voice");
  }

  @Test
  void batchSizeOutOfRangeIsNamed() throws IOException {
    assertWrong(
        tiny(), "pixelwise.batch-size", "257", "the batch size must lie in 1..256, found 257");
  }

  @Test
  void sharedBatchesOfOneImageAreNamed() throws IOException {
    tiny()
        .withPropertyValues("pixelwise.shared-batches.images=1")
        .run(
            context ->
                assertWrong(
                    context.getStartupFailure(),
                    "pixelwise.shared-batches",
                    "images: 1, wait: 5 ms",
                    "shared batches need at least 2 images"));
  }

  @Test
  void augmentationThatCannotBeReadIsNamed() throws IOException {
    assertWrong(
        tiny(), "pixelwise.augmentation", "flip", "test-time augmentation is a list of scales");
  }

  @Test
  void augmentationThatTheModelCannotTakeIsNamed() throws IOException {
    assertWrong(
        tiny()
            .withBean(
                SegmenterBuilderCustomizer.class,
                () -> builder -> builder.preprocessor(WrongPropertiesTest::fail)),
        "pixelwise.augmentation",
        "1,1.25",
        "model affine cannot be run with test-time augmentation 1,1.25");
  }

  private static ModelInput fail(RgbImage image) {
    throw new IllegalStateException("not reached with " + image);
  }

  @Test
  void propertyThatDoesNotExistIsNamed() throws IOException {
    tiny()
        .withPropertyValues("pixelwise.modle=affine")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("pixelwise.modle"));
  }

  @Test
  void whatACustomizerSetsIsNotBlamedOnAProperty() throws IOException {
    tiny()
        .withBean(SegmenterBuilderCustomizer.class, () -> builder -> builder.device("cuda:7"))
        .run(context -> assertRoot(context.getStartupFailure(), ModelLoadException.class));
  }

  private static AbstractThrowableAssert<?, ?> assertRoot(
      @Nullable Throwable failure, Class<? extends Throwable> type) {
    return assertThat(NestedExceptionUtils.getRootCause(failure)).isInstanceOf(type);
  }

  @Test
  void missingBackendIsNamed() {
    Runners.embedded()
        .withClassLoader(
            new FilteredClassLoader(
                new ClassPathResource("META-INF/services/io.github.pixelwise.spi.BackendProvider")))
        .run(
            context ->
                assertRoot(context.getStartupFailure(), BackendNotFoundException.class)
                    .hasMessageContaining(
                        "no backend on the class path can run model"
                            + " deeplabv3plus-mobilenetv2-voc")
                    .hasMessageContaining(
                        "Add a dependency on io.github.pixelwise:pixelwise-onnx"));
  }
}
