package io.github.pixelwise.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.SegmenterListener;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class PixelwiseAutoConfigurationTest {
  @TempDir private Path folder;

  @Test
  void opensTheEmbeddedModelByDefault() {
    Runners.embedded()
        .run(
            context -> {
              Segmenter segmenter = context.getBean(Segmenter.class);
              assertThat(segmenter.model().name()).isEqualTo(Segmenter.DEFAULT_MODEL);
              assertThat(segmenter.runtime().backend()).isEqualTo("onnx");
              assertThat(segmenter.segment(Runners.photo()).mask().width()).isEqualTo(16);
            });
  }

  @Test
  void opensNothingIfDisabled() {
    Runners.embedded()
        .withPropertyValues("pixelwise.enabled=false")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Segmenter.class));
  }

  @Test
  void leavesTheApplicationsOwnSegmenterAlone() throws IOException {
    Runners.tiny(folder)
        .withUserConfiguration(OwnSegmenter.class)
        .run(
            context ->
                assertThat(context)
                    .getBean(Segmenter.class)
                    .isSameAs(context.getBean("mine", Segmenter.class)));
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnSegmenter {
    @Bean
    Segmenter mine() {
      return Segmenter.builder().model(MicroModel.SIGMOID.descriptor()).open();
    }
  }

  @Test
  void closesTheSegmenterWithTheContext() throws IOException {
    List<Segmenter> opened = new ArrayList<>();
    Runners.tiny(folder).run(context -> opened.add(context.getBean(Segmenter.class)));

    assertThatThrownBy(() -> opened.get(0).segment(Runners.photo()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void opensTheModelAtTheStart() throws IOException {
    AtomicReference<String> opened = new AtomicReference<>();
    Runners.tiny(folder)
        .withBean(SegmenterListener.class, () -> new Opened(opened))
        .run(context -> assertThat(opened).hasValue("affine"));
  }

  @Test
  void opensTheModelLaterIfBeansAreLazy() throws IOException {
    AtomicReference<String> opened = new AtomicReference<>();
    Runners.tiny(folder)
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withBean(SegmenterListener.class, () -> new Opened(opened))
        .run(
            context -> {
              assertThat(opened).hasNullValue();
              context.getBean(Segmenter.class);
              assertThat(opened).hasValue("affine");
            });
  }

  /** Keeps the name of the opened model. */
  private record Opened(AtomicReference<String> name) implements SegmenterListener {
    @Override
    public void opened(ModelCard model, RuntimeInfo runtime, Duration time) {
      name.set(model.name());
    }
  }

  @Test
  void notifiesAllListenerBeans() throws IOException {
    AtomicReference<String> first = new AtomicReference<>();
    AtomicReference<String> second = new AtomicReference<>();
    Runners.tiny(folder)
        .withBean("first", SegmenterListener.class, () -> new Opened(first))
        .withBean("second", SegmenterListener.class, () -> new Opened(second))
        .run(
            context -> {
              assertThat(first).hasValue("affine");
              assertThat(second).hasValue("affine");
            });
  }

  @Test
  void letsCustomizersReplaceWhatPropertiesSay() throws IOException {
    Runners.tiny(folder)
        .withBean(
            SegmenterBuilderCustomizer.class,
            () -> builder -> builder.model(MicroModel.STRIDED.descriptor()))
        .run(
            context ->
                assertThat(context.getBean(Segmenter.class).model().name()).isEqualTo("strided"));
  }

  @Test
  void callsCustomizersInTheirOrder() throws IOException {
    Runners.tiny(folder)
        .withBean(Last.class)
        .withBean(First.class)
        .run(context -> assertThat(Named.CALLED).containsExactly("First", "Last"));
  }

  private abstract static class Named implements SegmenterBuilderCustomizer {
    static final List<String> CALLED = new ArrayList<>();

    @Override
    public void customize(SegmenterBuilder builder) {
      CALLED.add(getClass().getSimpleName());
    }
  }

  @Order(1)
  static final class First extends Named {}

  @Order(2)
  static final class Last extends Named {}
}
