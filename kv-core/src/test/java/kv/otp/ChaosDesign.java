package kv.otp;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a supervisor of a random tree is to be: its flags, and its children in start order, down to
 * three levels of supervisors.
 */
record ChaosDesign(String name, Strategy strategy, int intensity, List<Part> parts) {
  private static final int LEVELS = 3;

  /** One child: a supervisor of {@code below}, or a leaf if that is null. */
  record Part(String name, Restart restart, boolean stubborn, ChaosDesign below) {}

  static ChaosDesign random(Random random) {
    return random(random, "root", LEVELS);
  }

  private static ChaosDesign random(Random random, String name, int levels) {
    Strategy strategy = Strategy.values()[random.nextInt(Strategy.values().length)];
    boolean simple = strategy == Strategy.SIMPLE_ONE_FOR_ONE;
    List<Part> parts = new ArrayList<>();
    int count = simple ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < count; i++)
      parts.add(part(random, name + "." + i, simple ? 1 : levels));
    return new ChaosDesign(name, strategy, random.nextInt(5), parts);
  }

  static Part part(Random random, String name, int levels) {
    Restart restart = Restart.values()[random.nextInt(Restart.values().length)];
    boolean leaf = levels == 1 || random.nextInt(3) > 0;
    ChaosDesign below = leaf ? null : random(random, name, levels - 1);
    return new Part(name, restart, leaf && random.nextInt(4) == 0, below);
  }

  boolean isSimple() {
    return strategy == Strategy.SIMPLE_ONE_FOR_ONE;
  }

  boolean isGroup() {
    return strategy == Strategy.ONE_FOR_ALL || strategy == Strategy.REST_FOR_ONE;
  }
}
