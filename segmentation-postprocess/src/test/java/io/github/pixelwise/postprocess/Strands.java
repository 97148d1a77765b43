package io.github.pixelwise.postprocess;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import java.util.Random;

/**
 * A made-up foreground of which all is known: dark, textured hair around a head, drawn with a
 * coverage of its own for every pixel.
 */
final class Strands {
  static final int WIDTH = 320;
  static final int HEIGHT = 240;

  /** Exact colours, 0 to 255, interleaved R G B. */
  final float[] colors = new float[WIDTH * HEIGHT * 3];

  final AlphaMask alpha;

  Strands() {
    Random random = new Random(20200626);
    double[] shown = new double[WIDTH * HEIGHT];
    for (int strand = 0; strand < 160; strand++) {
      draw(random, shown);
    }
    byte[] opacity = new byte[WIDTH * HEIGHT];
    for (int y = 0, i = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++, i++) {
        double head = Math.max(0, Math.min(1, 60.5 - Math.hypot(x - 160, (y - 150) * 0.8)));
        opacity[i] = (byte) Math.rint(255 * (1 - (1 - shown[i]) * (1 - head)));
        double texture = 15 * Math.sin(x * 0.9 + 3 * Math.sin(y * 0.15)) + 10 * Math.cos(y * 0.7);
        colors[i * 3] = (float) (62 + texture);
        colors[i * 3 + 1] = (float) (44 + 0.8 * texture + 10 * Math.sin(x * 0.02));
        colors[i * 3 + 2] = (float) (34 + 0.6 * texture);
      }
    }
    alpha = AlphaMask.of(WIDTH, HEIGHT, opacity);
  }

  /** Adds a curved hair from the head outwards, one and a half to three pixels wide at its root. */
  private static void draw(Random random, double[] shown) {
    double direction = Math.PI * (1 + random.nextDouble());
    double bend = 0.02 * random.nextGaussian();
    double radius = 0.75 + 0.75 * random.nextDouble();
    double x = 160 + 50 * Math.cos(direction);
    double y = 150 + 55 * Math.sin(direction);
    double[] cover = new double[WIDTH * HEIGHT];
    int steps = 120 + random.nextInt(120);
    for (int step = 0; step < steps; step++) {
      double thin = radius * (1 - (double) step / steps);
      for (int py = Math.max(0, (int) y - 3); py < Math.min(HEIGHT, (int) y + 5); py++) {
        for (int px = Math.max(0, (int) x - 3); px < Math.min(WIDTH, (int) x + 5); px++) {
          double covered = Math.max(0, Math.min(1, thin + 0.5 - Math.hypot(px - x, py - y)));
          cover[py * WIDTH + px] = Math.max(cover[py * WIDTH + px], covered);
        }
      }
      x += 0.5 * Math.cos(direction);
      y += 0.5 * Math.sin(direction);
      direction += bend * 0.5;
    }
    for (int i = 0; i < shown.length; i++) {
      shown[i] = 1 - (1 - shown[i]) * (1 - cover[i]);
    }
  }

  /** The strands before a background, rounded once. */
  RgbImage over(RgbImage background) {
    byte[] rgb = background.toByteArray();
    byte[] opacity = alpha.toByteArray();
    for (int i = 0; i < rgb.length; i++) {
      double a = (opacity[i / 3] & 0xff) / 255.0;
      rgb[i] = (byte) Math.rint(a * colors[i] + (1 - a) * (rgb[i] & 0xff));
    }
    return RgbImage.of(WIDTH, HEIGHT, rgb);
  }

  static RgbImage plain(int color) {
    byte[] rgb = new byte[WIDTH * HEIGHT * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (color >> (16 - i % 3 * 8));
    }
    return RgbImage.of(WIDTH, HEIGHT, rgb);
  }

  /** A bright wall with a pattern, lit unevenly, and grain. */
  static RgbImage wall() {
    Random random = new Random(1);
    byte[] rgb = new byte[WIDTH * HEIGHT * 3];
    for (int y = 0, i = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double light = 190 + 50.0 * x / WIDTH + 25 * Math.sin(x / 11.0) * Math.cos(y / 17.0);
        double grain = 4 * random.nextGaussian();
        for (int c = 0; c < 3; c++, i++) {
          double tint = 15 * Math.sin(y / 40.0 + 2 * c);
          rgb[i] = (byte) Math.rint(Math.max(0, Math.min(255, light + tint + grain)));
        }
      }
    }
    return RgbImage.of(WIDTH, HEIGHT, rgb);
  }
}
