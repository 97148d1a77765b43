package io.github.pixelwise.benchmarks;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StackedBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.xy.XYDataset;

/** Draws results as SVG files. */
final class Charts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 360;

  private Charts() {}

  /** A bar for each pipeline, stacked from its stages. */
  static void bars(String title, CategoryDataset millis, Path file) throws IOException {
    JFreeChart chart =
        ChartFactory.createStackedBarChart(
            title, "", "ms", millis, PlotOrientation.HORIZONTAL, true, false, false);
    StackedBarRenderer renderer = (StackedBarRenderer) chart.getCategoryPlot().getRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    write(chart, file);
  }

  /** Lines over a growing quantity. */
  static void lines(String title, String x, String y, XYDataset lines, Path file)
      throws IOException {
    write(
        ChartFactory.createXYLineChart(
            title, x, y, lines, PlotOrientation.VERTICAL, true, false, false),
        file);
  }

  private static void write(JFreeChart chart, Path file) throws IOException {
    StandardChartTheme.createJFreeTheme().apply(chart);
    chart.setBackgroundPaint(Color.WHITE);
    chart.getPlot().setBackgroundPaint(Color.WHITE);
    chart.getLegend().setPosition(RectangleEdge.RIGHT);
    VectorGraphics2D graphics = new VectorGraphics2D();
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    try (OutputStream out = Files.newOutputStream(file)) {
      Processors.get("svg")
          .getDocument(graphics.getCommands(), new PageSize(WIDTH, HEIGHT))
          .writeTo(out);
    }
  }
}
