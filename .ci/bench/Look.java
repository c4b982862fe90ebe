
/** How a server's line is drawn: by colour, by marker and by dashes, for whoever sees which. */
enum Look {
  KV("kv", "#e8590c", 2.6, ""),
  REDIS("redis", "#1c7ed6", 1.6, ""),
  MEMCACHED("memcached", "#2f9e44", 1.6, ""),
  OTHER("", "#868e96", 1.6, " stroke-dasharray=\"5 4\"");

  private static final double SIZE = 3.5;

  private final String name;
  private final String colour;
  private final double width;
  private final String dashes;

  Look(String name, String colour, double width, String dashes) {
    this.name = name;
    this.colour = colour;
    this.width = width;
    this.dashes = dashes;
  }

  /** The look of the server that tables call {@code name}. */
  static Look of(String name) {
    for (Look look : values()) if (look.name.equals(name)) return look;
    return OTHER;
  }

  String line(String points) {
    return String.format(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>%n",
        points, colour, width, dashes);
  }

  String marker(double x, double y) {
    if (this == KV)
      return String.format(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>%n", x, y, SIZE, colour);
    double s = SIZE;
    return switch (this) {
      case REDIS -> shape(x - s, y - s, x + s, y - s, x + s, y + s, x - s, y + s);
      case MEMCACHED -> shape(x, y - s, x + s, y + s, x - s, y + s);
      default -> shape(x, y - s, x + s, y, x, y + s, x - s, y);
    };
  }

  private String shape(double... corners) {
    StringBuilder points = new StringBuilder();
    for (double corner : corners) points.append(String.format("%.1f ", corner));
    return String.format("<polygon points=\"%s\" fill=\"%s\"/>%n",
        points.toString().strip(), colour);
  }
}
