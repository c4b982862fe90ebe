/**
 * Supervision in the manner of Erlang/OTP: a counter that crashes, and is there again.
 *
 * <pre>{@code
 * import kv.otp.*;
 *
 * public class Example {
 *   static final Name<GenServer> COUNTER = new Name<>("counter");
 *   static int count; // touched by the counter's messages only
 *
 *   static StartResult startCounter() throws InterruptedException {
 *     GenServer server = GenServer.start("counter", self -> count = 0);
 *     return StartResult.ok(server.proc(), COUNTER.register(server.proc(), server));
 *   }
 *
 *   public static void main(String[] args) throws Exception {
 *     ChildSpec counter = ChildSpec.worker("counter", Example::startCounter);
 *     try (Supervisor top = Supervisor.start("top", Flags.of(Strategy.ONE_FOR_ONE), counter)) {
 *       GenServer first = COUNTER.get();
 *       System.out.println(first.call(() -> ++count)); // 1
 *       first.cast(() -> { throw new IllegalStateException("lost count"); });
 *       System.out.println(first.proc().awaitExit()); // crash(...: lost count)
 *       System.out.println(top.countChildren().active()); // 1: it has been restarted
 *       System.out.println(COUNTER.get().call(() -> ++count)); // 1: and begins anew
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Knows nothing of key-value; may be imported by anyone, and imports nothing but the JDK.
 * There is no {@code module-info.java}: the one jar of a node can carry none for three modules, and
 * on the class path it holds nobody back. The arrows between packages are held by a test instead.
 *
 * <pre>
 *   Supervisor  starts, restarts and stops its children as their ChildSpec and its Flags say
 *       |
 *   Proc        a life that ends once, for one ExitReason; its supervisor hears, then its Monitors
 *    /  \
 *  Task  GenServer    procs with a thread: one piece of work; messages handled one by one
 *   Name        how others find the present incarnation of something that is restarted
 * </pre>
 *
 * <p>Of links there is one kind, between a supervisor and its children: the child's exit is a
 * message to the supervisor, the supervisor's own death a signal to the child. Links between any
 * two procs are not offered; watch with {@link kv.otp.Proc#monitor} instead. A proc has one
 * supervisor, from the return of its start function on; what it did before that, and an end in
 * between, is found then.
 *
 * <p>An exit signal ends a server at once, unless it traps exits: then it is an order to stop, as
 * {@link kv.otp.GenServer} says. A task is asked by {@link kv.otp.Task.Work#shutdown}, and always
 * ends in its own time or by a kill, for a thread that is cut off in the middle of its work leaves
 * that half done; only the death of its supervisor ends it at once.
 *
 * <p>Who watches a tree hears what its supervisors report, by the {@link kv.otp.Reports} that their
 * {@link kv.otp.Flags} have, and asks each of them for its {@link kv.otp.Supervisor#status}.
 *
 * <p>What the JVM adds: an error crashes whose code throws it, as an exception does. If it says
 * that the heap has run out, the thread's handler of uncaught exceptions hears of it first, and may
 * end the JVM; see {@link kv.otp.OutOfHeap}.
 *
 * <p>There is no DynamicSupervisor: simple_one_for_one is what it came from, and does its work.
 * Its {@code max_children}, shutdown times of single children, and a Task.Supervisor are not
 * offered, for nothing here has asked for them.
 */
package kv.otp;
