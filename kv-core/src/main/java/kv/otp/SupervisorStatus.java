package kv.otp;

import java.util.List;

/**
 * A supervisor at one moment.
 *
 * @param count how many children it has
 * @param restarts how many restarts count now, of the intensity that its flags allow
 * @param newest its children, the newest first, as many as were asked for
 */
public record SupervisorStatus(ChildCount count, int restarts, List<ChildInfo> newest) {}
