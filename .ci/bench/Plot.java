import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Panels as an SVG picture, two beside each other: figures from 0 over numbers in log scale.
 *
 * <p>The background is transparent and all colours are of middle brightness, so that the picture
 * can be read on white and on dark pages.
 */
final class Plot {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 290;
  private static final int LEFT = 62;
  private static final int RIGHT = 24;
  private static final int TOP = 34;
  private static final int BOTTOM = 48;
  private static final int LEGEND = 34;
  private static final int LEGEND_STEP = 130;
  private static final int BESIDE = 2;
  private static final String TEXT = "#7a828e";
  private static final String GRID = "#8b949e";

  private final String xName;
  private final List<Panel> panels;
  private final StringBuilder svg = new StringBuilder();

  private Plot(String xName, List<Panel> panels) {
    this.xName = xName;
    this.panels = panels;
  }

  /** Writes a picture of panels with the same servers. */
  static void write(Path file, String xName, List<Panel> panels) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, new Plot(xName, panels).draw());
  }

  private String draw() {
    int rows = (panels.size() + BESIDE - 1) / BESIDE;
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\""
            + " viewBox=\"0 0 %1$d %2$d\" role=\"img\""
            + " font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"%3$s\">%n",
        WIDTH * BESIDE, LEGEND + rows * HEIGHT, TEXT);
    add("<title>Requests a second over %s</title>%n", xName);
    legend(new ArrayList<>(panels.get(0).series().keySet()));
    for (int i = 0; i < panels.size(); i++)
      panel(panels.get(i), i % BESIDE * WIDTH, LEGEND + i / BESIDE * HEIGHT);
    return svg.append("</svg>\n").toString();
  }

  private void legend(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      Look look = Look.of(names.get(i));
      int x = LEFT + i * LEGEND_STEP;
      svg.append(look.line(x + ",18 " + (x + 26) + ",18")).append(look.marker(x + 13, 18));
      text(x + 34, 22, "start", names.get(i));
    }
  }

  private void panel(Panel panel, int left, int top) {
    Axis x = new Axis(panel.points().get(0), panel.points().get(panel.points().size() - 1),
        left + LEFT, left + WIDTH - RIGHT, true);
    double step = Axis.step(panel.highest());
    double high = Math.ceil(panel.highest() / step) * step;
    Axis y = new Axis(0, high, top + HEIGHT - BOTTOM, top + TOP, false);
    text((x.from() + x.to()) / 2, top + 18, "middle", panel.title() + ", requests a second");
    text((x.from() + x.to()) / 2, y.from() + 38, "middle", xName);
    yTicks(x, y, step);
    for (int point : panel.points())
      text(x.at(point), y.from() + 18, "middle", Figures.plain(point));
    List<String> names = new ArrayList<>(panel.series().keySet());
    Collections.reverse(names); // the first is drawn last, on top
    for (String name : names)
      series(Look.of(name), panel.points(), panel.series().get(name), x, y);
  }

  private void yTicks(Axis x, Axis y, double step) {
    for (double tick = 0; tick <= y.high() + step / 2; tick += step) {
      add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
              + " stroke-opacity=\"%s\"/>%n",
          x.from(), y.at(tick), x.to(), y.at(tick), GRID, tick == 0 ? "1" : "0.3");
      text(x.from() - 8, y.at(tick) + 4, "end", Figures.plain(tick));
    }
  }

  private void series(Look look, List<Integer> points, List<Double> figures, Axis x, Axis y) {
    StringBuilder line = new StringBuilder();
    StringBuilder markers = new StringBuilder();
    for (int i = 0; i < points.size(); i++) {
      double atX = x.at(points.get(i));
      double atY = y.at(figures.get(i));
      line.append(String.format("%.1f,%.1f ", atX, atY));
      markers.append(look.marker(atX, atY));
    }
    svg.append(look.line(line.toString().strip())).append(markers);
  }

  private void text(double x, double y, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(format, values));
  }
}
