package kv.log;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * A force of the log as a flight recording has it. The threshold is that of the JDK's profile for
 * its own forces of files: with {@link SyncPolicy#ALWAYS} there may be thousands in a second. The
 * first event that is made starts the JDK's flight recorder: so none is made unless that runs.
 */
@Name("kv.LogForce")
@Label("Log Force")
@Description("The disk was to keep what had been written to the log")
@Category("kv")
@StackTrace(false)
@Threshold("10 ms")
final class LogForceEvent extends Event {
  @Label("Folder")
  String folder;

  @Label("Bytes")
  @Description("What had been written since the last force that did not fail")
  @DataAmount
  long bytes;

  @Label("Failed")
  boolean failed;
}
