package kv.otp;

/**
 * What a monitor tells its watcher, once: that the watched proc has ended.
 *
 * @param monitor the monitor that tells it
 * @param proc the proc that ended
 * @param reason what it ended with; {@link ExitReason#NO_PROC} if it had ended before it was
 *     monitored
 */
public record Down(Monitor monitor, Proc proc, ExitReason reason) {}
