package io.github.pixelwise.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A web service that finds what is in photos. */
@SpringBootApplication
public class PhotoApplication {
  /**
   * Starts the service on port 8080.
   *
   * @param args properties, such as {@code --pixelwise.threads=1}
   */
  public static void main(String[] args) {
    SpringApplication.run(PhotoApplication.class, args);
  }
}
