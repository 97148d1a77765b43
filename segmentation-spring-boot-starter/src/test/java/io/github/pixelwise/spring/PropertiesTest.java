package io.github.pixelwise.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Device;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.TestTimeAugmentation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each property does. */
class PropertiesTest {
  @TempDir private Path folder;

  @Test
  void modelIsAName() {
    Runners.embedded()
        .withPropertyValues("pixelwise.model=" + Segmenter.DEFAULT_MODEL)
        .run(context -> assertThat(context).hasNotFailed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "affine.properties", "affine.onnx"})
  void modelIsAFolderACardOrANetwork(String file) throws IOException {
    Runners.tinyModel(folder);
    Runners.embedded()
        .withPropertyValues("pixelwise.model=" + folder.resolve(file))
        .run(
            context ->
                assertThat(context.getBean(Segmenter.class).model().name()).isEqualTo("affine"));
  }

  @Test
  void backendIsAName() throws IOException {
    Runners.tinyModel(folder);
    Runners.embedded()
        .withPropertyValues("pixelwise.model=" + folder, "pixelwise.backend=recording")
        .run(
            context ->
                assertThat(context.getBean(Segmenter.class).runtime().backend())
                    .isEqualTo("recording"));
  }

  @Test
  void deviceIsAutoByDefault() throws IOException {
    Runners.tiny(folder)
        .run(context -> assertThat(RecordingBackend.latest().device()).isEqualTo(Device.AUTO));
  }

  @Test
  void deviceIsPassedOn() throws IOException {
    Runners.tiny(folder)
        .withPropertyValues("pixelwise.device=cpu")
        .run(context -> assertThat(RecordingBackend.latest().device()).isEqualTo(Device.CPU));
  }

  @Test
  void threadsArePassedOn() throws IOException {
    Runners.tiny(folder)
        .withPropertyValues("pixelwise.threads=3")
        .run(context -> assertThat(RecordingBackend.latest().threads()).isEqualTo(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pixelwise.settings.recording.loud-voice=on",
        "pixelwise.settings[recording.loud-voice]=on"
      })
  void settingsArePassedOn(String property) throws IOException {
    Runners.tiny(folder)
        .withPropertyValues(property)
        .run(
            context ->
                assertThat(RecordingBackend.latest().setting(RecordingBackend.LOUD))
                    .contains(true));
  }

  @Test
  void batchSizeIsThatOfSegmentAll() throws IOException {
    Runners.tiny(folder)
        .withPropertyValues("pixelwise.batch-size=2")
        .run(
            context -> {
              RecordingBackend.BATCHES.clear();
              context
                  .getBean(Segmenter.class)
                  .segmentAll(List.of(Runners.photo(), Runners.photo(), Runners.photo()));
              assertThat(RecordingBackend.BATCHES).containsExactly(2, 1);
            });
  }

  @Test
  void sharedBatchesAreThoseOfSeveralThreads() throws IOException {
    Runners.tiny(folder)
        .withPropertyValues("pixelwise.shared-batches.images=2", "pixelwise.shared-batches.wait=1m")
        .run(
            context -> {
              RecordingBackend.BATCHES.clear();
              Segmenter segmenter = context.getBean(Segmenter.class);
              ExecutorService two = Executors.newFixedThreadPool(2);
              try {
                CompletableFuture<SegmentationResult> one = segment(segmenter, two);
                segment(segmenter, two).join();
                one.join();
              } finally {
                two.shutdown();
              }
              assertThat(RecordingBackend.BATCHES).containsExactly(2);
            });
  }

  private static CompletableFuture<SegmentationResult> segment(
      Segmenter segmenter, ExecutorService executor) {
    return segmenter.segmentAsync(Runners.photo(), SegmentationOptions.MASK_ONLY, executor);
  }

  @Test
  void augmentationIsAList() throws IOException {
    Runners.tiny(folder)
        .withPropertyValues("pixelwise.augmentation=1,1.25,mirror")
        .run(
            context ->
                assertThat(context.getBean(Segmenter.class).runtime().augmentation())
                    .isEqualTo(TestTimeAugmentation.of(1, 1.25).withMirror()));
  }
}
