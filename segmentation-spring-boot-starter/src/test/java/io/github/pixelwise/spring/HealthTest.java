package io.github.pixelwise.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterListener;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

class HealthTest {
  @TempDir private Path folder;

  private static Segmenter open() {
    return Segmenter.builder().model(MicroModel.AFFINE.descriptor()).backend("recording").open();
  }

  @Test
  void isUpWithModelBackendEngineAndDevice() throws IOException {
    Runners.tiny(folder)
        .run(
            context -> {
              Health health =
                  Objects.requireNonNull(context.getBean(HealthIndicator.class).health());
              assertThat(health.getStatus()).isEqualTo(Status.UP);
              assertThat(health.getDetails())
                  .containsEntry("model", "affine")
                  .containsEntry("backend", "recording")
                  .containsEntry("engine", "Java " + Runtime.version().feature())
                  .containsEntry("device", "cpu");
            });
  }

  @Test
  void runsTheNetwork() {
    try (Segmenter segmenter = open()) {
      RecordingBackend.BATCHES.clear();
      new SegmenterHealthIndicator(segmenter).health();
      assertThat(RecordingBackend.BATCHES).containsExactly(1);
    }
  }

  @Test
  void isDownIfTheSegmenterIsClosed() {
    Segmenter segmenter = open();
    segmenter.close();

    Health health = new SegmenterHealthIndicator(segmenter).health();

    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails())
        .containsEntry("model", "affine")
        .extractingByKey("error")
        .asString()
        .contains("is closed");
  }

  @Test
  void isNoPhotographForListeners() throws IOException {
    AtomicInteger photographs = new AtomicInteger();
    SegmenterListener listener =
        new SegmenterListener() {
          @Override
          public void segmented(RgbImage image, SegmentationResult result) {
            photographs.incrementAndGet();
          }
        };
    Runners.tiny(folder)
        .withBean(SegmenterListener.class, () -> listener)
        .run(
            context -> {
              context.getBean(HealthIndicator.class).health();
              assertThat(photographs).hasValue(0);
            });
  }

  @Test
  void isUpForASegmenterWithoutStages() {
    try (Segmenter segmenter = open()) {
      assertThat(new SegmenterHealthIndicator(new WithoutStages(segmenter)).health().getStatus())
          .isEqualTo(Status.UP);
    }
  }

  @Test
  void isDownForAClosedSegmenterWithoutStages() {
    Segmenter segmenter = open();
    segmenter.close();

    assertThat(new SegmenterHealthIndicator(new WithoutStages(segmenter)).health().getStatus())
        .isEqualTo(Status.DOWN);
  }

  /** As applications wrap them. */
  private record WithoutStages(Segmenter segmenter) implements Segmenter {
    @Override
    public SegmentationResult segment(RgbImage image, SegmentationOptions options) {
      return segmenter.segment(image, options);
    }

    @Override
    public ModelCard model() {
      return segmenter.model();
    }

    @Override
    public RuntimeInfo runtime() {
      return segmenter.runtime();
    }

    @Override
    public void close() {
      segmenter.close();
    }
  }

  @Test
  void isThatOfEachSegmenter() {
    Runners.embedded()
        .withBean("first", Segmenter.class, HealthTest::open)
        .withBean("second", Segmenter.class, HealthTest::open)
        .run(
            context ->
                assertThat(
                        context
                            .getBean("pixelwiseHealthContributor", CompositeHealthContributor.class)
                            .stream()
                            .map(HealthContributors.Entry::name))
                    .containsExactlyInAnyOrder("first", "second"));
  }

  @Test
  void isThatOfTheApplicationIfItHasItsOwn() throws IOException {
    HealthIndicator own = () -> Health.up().build();
    Runners.tiny(folder)
        .withBean("pixelwiseHealthIndicator", HealthIndicator.class, () -> own)
        .run(context -> assertThat(context).getBean(HealthContributor.class).isSameAs(own));
  }

  @Test
  void canBeSwitchedOff() throws IOException {
    Runners.tiny(folder)
        .withPropertyValues("management.health.pixelwise.enabled=false")
        .run(
            context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
  }

  @Test
  void isNotNeeded() throws IOException {
    Runners.application(folder)
        .withClassLoader(Runners.without("org.springframework.boot.health"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(Segmenter.class)
                    .doesNotHaveBean("pixelwiseHealthContributor"));
  }
}
