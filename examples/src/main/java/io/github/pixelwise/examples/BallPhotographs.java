package io.github.pixelwise.examples;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Makes a small data set, in place of one that somebody labeled: parts of photographs, with balls
 * in front of them.
 */
final class BallPhotographs {
  private static final int WIDTH = 240;
  private static final int HEIGHT = 180;

  private final Random random = new Random(1);
  private final byte[] rgb = new byte[3 * WIDTH * HEIGHT];
  private final byte[] classes = new byte[WIDTH * HEIGHT];

  private BallPhotographs() {}

  /**
   * Writes photographs, their masks, and a file that describes them.
   *
   * @param backgrounds a folder of photographs, each larger than 240 x 180
   * @return the file that describes the data set
   */
  static Path write(Path backgrounds, int count, Path folder) throws IOException {
    List<RgbImage> photos = new ArrayList<>();
    try (Stream<Path> files = Files.list(backgrounds)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".png")).sorted().toList()) {
        photos.add(Images.read(file));
      }
    }
    Files.createDirectories(folder.resolve("photographs"));
    Files.createDirectories(folder.resolve("masks"));
    BallPhotographs picture = new BallPhotographs();
    for (int i = 0; i < count; i++) {
      picture.draw(photos.get(i % photos.size()));
      String name = "%02d.png".formatted(i);
      Images.write(
          RgbImage.copyOf(WIDTH, HEIGHT, picture.rgb), folder.resolve("photographs").resolve(name));
      PalettePng.write(
          CategoryMask.of(WIDTH, HEIGHT, picture.classes.clone()),
          Palette.voc(),
          folder.resolve("masks").resolve(name));
    }
    return Files.writeString(
        folder.resolve("balls.dataset.properties"),
        """
        format = folders
        photographs = photographs
        masks = masks
        labels = background, ball
        """);
  }

  private void draw(RgbImage photo) {
    int left = random.nextInt(photo.width() - WIDTH);
    int top = random.nextInt(photo.height() - HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        set(x, y, photo.rgb(left + x, top + y), 1, 0);
      }
    }
    int balls = 1 + random.nextInt(3);
    for (int i = 0; i < balls; i++) {
      drawBall(random.nextInt(WIDTH), random.nextInt(HEIGHT), 15 + random.nextInt(35));
    }
  }

  private void drawBall(int centerX, int centerY, int radius) {
    int color = random.nextInt(0x1000000) | 0x404040;
    for (int y = Math.max(0, centerY - radius); y < Math.min(HEIGHT, centerY + radius); y++) {
      for (int x = Math.max(0, centerX - radius); x < Math.min(WIDTH, centerX + radius); x++) {
        double right = (x + 0.5 - centerX) / radius;
        double down = (y + 0.5 - centerY) / radius;
        double nearer = 1 - right * right - down * down;
        if (nearer > 0) {
          // Light falls from the upper left, from the front.
          double light = (Math.sqrt(nearer) - 0.5 * right - 0.7 * down) / 1.3;
          set(x, y, color, 0.2 + 0.8 * Math.max(0, light), 1);
        }
      }
    }
  }

  private void set(int x, int y, int color, double brightness, int category) {
    int pixel = y * WIDTH + x;
    for (int channel = 0; channel < 3; channel++) {
      int sample = color >> (16 - 8 * channel) & 0xff;
      rgb[3 * pixel + channel] = (byte) Math.min(255, Math.round(sample * brightness));
    }
    classes[pixel] = (byte) category;
  }
}
