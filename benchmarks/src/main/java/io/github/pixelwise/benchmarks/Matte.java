package io.github.pixelwise.benchmarks;

import io.github.pixelwise.AlphaMask;
import java.util.Random;

/** Alpha masks of which every pixel is known, of any size: what a composite is made with. */
enum Matte {
  /** A head and long, thin, curved strands. */
  HAIR {
    @Override
    void draw(Canvas canvas) {
      Random random = new Random(1);
      canvas.disc(0.5, 0.62, 0.19, 0.002);
      for (int i = 0; i < 350; i++) {
        double direction = Math.PI * (1 + random.nextDouble());
        canvas.strand(
            0.5 + 0.17 * Math.cos(direction),
            0.62 + 0.17 * Math.sin(direction),
            direction,
            0.1 + 0.25 * random.nextDouble(),
            0.0008 + 0.0008 * random.nextDouble(),
            4 * random.nextGaussian());
      }
    }
  },

  /** A body with short fur. */
  FUR {
    @Override
    void draw(Canvas canvas) {
      Random random = new Random(2);
      canvas.disc(0.5, 0.5, 0.25, 0.004);
      for (int i = 0; i < 1600; i++) {
        double around = 2 * Math.PI * random.nextDouble();
        double direction = around + 0.5 * random.nextGaussian();
        canvas.strand(
            0.5 + 0.245 * Math.cos(around),
            0.5 + 0.245 * Math.sin(around),
            direction,
            0.02 + 0.03 * random.nextDouble(),
            0.001 + 0.001 * random.nextDouble(),
            10 * random.nextGaussian());
      }
    }
  },

  /** Edges that are out of focus, each to another degree. */
  BLUR {
    @Override
    void draw(Canvas canvas) {
      canvas.disc(0.3, 0.35, 0.15, 0.003);
      canvas.disc(0.65, 0.35, 0.15, 0.015);
      canvas.disc(0.45, 0.75, 0.17, 0.03);
    }
  },

  /** A plant: thin stalks, and gaps between them. */
  STALKS {
    @Override
    void draw(Canvas canvas) {
      Random random = new Random(3);
      for (int i = 0; i < 60; i++) {
        canvas.strand(
            0.2 + 0.6 * random.nextDouble(),
            0.98,
            -Math.PI / 2 + 0.15 * random.nextGaussian(),
            0.4 + 0.4 * random.nextDouble(),
            0.002 + 0.004 * random.nextDouble(),
            0.8 * random.nextGaussian());
      }
    }
  },

  /** Sharp edges and corners. */
  STAR {
    @Override
    void draw(Canvas canvas) {
      canvas.paint(
          (x, y) -> {
            double angle = Math.atan2(y - 0.5, x - 0.5);
            double reach = 0.2 + 0.12 * Math.abs(Math.cos(3.5 * angle));
            return 0.5 + (reach - Math.hypot(x - 0.5, y - 0.5)) / canvas.pixel();
          });
    }
  };

  abstract void draw(Canvas canvas);

  AlphaMask of(int width, int height) {
    Canvas canvas = new Canvas(width, height);
    draw(canvas);
    byte[] alpha = new byte[width * height];
    for (int i = 0; i < alpha.length; i++) {
      alpha[i] = (byte) Math.round(canvas.shares[i] * 255);
    }
    return AlphaMask.of(width, height, alpha);
  }

  /** Draws in a square as high as the picture, in its middle, whose sides are 1. */
  static final class Canvas {
    private final int width;
    private final int height;
    private final float[] shares;

    private Canvas(int width, int height) {
      this.width = width;
      this.height = height;
      this.shares = new float[width * height];
    }

    /** The share that a shape has of the pixel at a point; clipped to 0 to 1. */
    @FunctionalInterface
    interface Shape {
      double at(double x, double y);
    }

    double pixel() {
      return 1.0 / height;
    }

    private double x(int column) {
      return (column + 0.5 - (width - height) / 2.0) / height;
    }

    void paint(Shape shape) {
      paint(0, 0, width, height, shape);
    }

    private void paint(int left, int top, int right, int bottom, Shape shape) {
      for (int row = Math.max(0, top); row < Math.min(height, bottom); row++) {
        double y = (row + 0.5) / height;
        for (int column = Math.max(0, left); column < Math.min(width, right); column++) {
          double share = Math.max(0, Math.min(1, shape.at(x(column), y)));
          int i = row * width + column;
          shares[i] = Math.max(shares[i], (float) share);
        }
      }
    }

    /** A disc whose edge fades over a width on both sides. */
    void disc(double x, double y, double radius, double fade) {
      paint(
          (px, py) -> {
            double t = (radius - Math.hypot(px - x, py - y)) / (2 * fade) + 0.5;
            double clipped = Math.max(0, Math.min(1, t));
            return clipped * clipped * (3 - 2 * clipped);
          });
    }

    /** A curved line that becomes thinner to its end. */
    void strand(
        double startX, double startY, double start, double length, double radius, double bend) {
      double x = startX;
      double y = startY;
      double direction = start;
      int steps = (int) Math.ceil(length * height * 2);
      for (int step = 0; step < steps; step++) {
        double thin = radius * (1 - (double) step / steps);
        int reach = (int) Math.ceil(thin * height) + 1;
        int column = (int) Math.round(x * height + (width - height) / 2.0);
        int row = (int) Math.round(y * height);
        double centerX = x;
        double centerY = y;
        paint(
            column - reach,
            row - reach,
            column + reach + 1,
            row + reach + 1,
            (px, py) -> (thin - Math.hypot(px - centerX, py - centerY)) / pixel() + 0.5);
        x += Math.cos(direction) * pixel() / 2;
        y += Math.sin(direction) * pixel() / 2;
        direction += bend * pixel() / 2;
      }
    }
  }
}
