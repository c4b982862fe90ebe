package kv.testing;

import java.util.ArrayList;
import java.util.List;
import kv.otp.ChildInfo;
import kv.otp.Supervisor;

/** All supervisors of a tree. */
public final class Supervisors {
  private Supervisors() {}

  /** {@code root} and those below it, each before those below it. */
  public static List<Supervisor> of(Supervisor root) throws InterruptedException {
    List<Supervisor> found = new ArrayList<>(List.of(root));
    for (ChildInfo child : root.whichChildren())
      if (child.info().orElse(null) instanceof Supervisor below) found.addAll(of(below));
    return found;
  }
}
