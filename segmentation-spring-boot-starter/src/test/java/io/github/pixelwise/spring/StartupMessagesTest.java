package io.github.pixelwise.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.DefaultResourceLoader;

/** What someone sees who starts a wrong application. */
@ExtendWith(OutputCaptureExtension.class)
class StartupMessagesTest {
  private static SpringApplication application(String... properties) {
    return new SpringApplicationBuilder(Runners.Application.class)
        .web(WebApplicationType.NONE)
        .properties(properties)
        .build();
  }

  private static void assertFails(SpringApplication application) {
    assertThatThrownBy(application::run).isInstanceOf(RuntimeException.class);
  }

  @Test
  void wrongValueIsShownWithItsProperty(CapturedOutput output) {
    assertFails(application("pixelwise.device=gpu"));

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("Invalid value 'gpu' for configuration property 'pixelwise.device'")
        .contains("a device is cpu, auto or cuda:N (cuda:0 is the first GPU), found \"gpu\"")
        .doesNotContain("\tat ");
  }

  @Test
  void missingBackendIsShownWithTheJarToAdd(CapturedOutput output) {
    ClassLoader none =
        new FilteredClassLoader(
            new ClassPathResource("META-INF/services/io.github.pixelwise.spi.BackendProvider"));
    SpringApplication application = application();
    application.setResourceLoader(new DefaultResourceLoader(none));

    assertFails(application);

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains(
            "A segmenter cannot be opened: no backend on the class path can run model"
                + " deeplabv3plus-mobilenetv2-voc")
        .contains("Add a dependency on io.github.pixelwise:pixelwise-onnx")
        .doesNotContain("\tat ");
  }

  @Test
  void misspelledPropertyIsShown(CapturedOutput output) {
    assertFails(application("pixelwise.treads=2"));

    assertThat(output).contains("APPLICATION FAILED TO START").contains("pixelwise.treads");
  }
}
