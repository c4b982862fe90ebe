/**
 * Supervision in the manner of Erlang/OTP. Knows nothing of key-value; may be imported by anyone,
 * and imports nothing but the JDK.
 *
 * <pre>
 *   Supervisor  starts, restarts and stops its children as their ChildSpec and its Flags say
 *       |
 *   Proc        a life that ends once, for one ExitReason; told to its supervisor, then to its
 *    Monitors /  \
 *  Task  GenServer    procs with a thread: one piece of work; a mailbox handled message by message
 *   Name        how others find the present incarnation of something that is restarted
 * </pre>
 *
 * <p>Of links there is one kind, between a supervisor and its children: the child's exit is a
 * message to the supervisor, the supervisor's own death a signal to the child. Links between any
 * two procs, and trapping exits, are not offered; watch with {@link kv.otp.Proc#monitor} instead.
 */
package kv.otp;
