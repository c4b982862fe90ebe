package kv.otp;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A restart as a flight recording has it. The first event that is made starts the JDK's flight
 * recorder, which takes a tenth of a second: so none is made unless that runs already.
 */
@Name("kv.Restart")
@Label("Restart")
@Description("A supervisor started a child anew, with others if its strategy says so")
@Category("kv")
@StackTrace(false)
final class RestartEvent extends Event {
  @Label("Supervisor")
  String supervisor;

  @Label("Child")
  String child;

  @Label("Reason")
  @Description("What the child has ended with, or why it could not be started")
  String reason;

  @Label("Restarts")
  @Description("How many restarts of this supervisor count now")
  int restarts;

  @Label("Done")
  @Description("False if a start has failed, and the restart is tried again")
  boolean done;
}
