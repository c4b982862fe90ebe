package kv.otp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Children without threads, and what became of them, in order: {@code +a} was started, {@code ?a
 * reason} was asked to end and went on, {@code -a reason} has ended.
 */
final class Lives {
  private final List<String> history = new ArrayList<>();
  private final Map<Object, Proc> latest = new ConcurrentHashMap<>();
  private final Map<Object, Supervisor> supervisors = new ConcurrentHashMap<>();

  /** A permanent worker that ends as it is asked. */
  ChildSpec polite(Object id) {
    return spec(id, (self, reason, who) -> self.end(reason));
  }

  /** A permanent worker that goes on when it is asked to end: nothing but a kill ends it. */
  ChildSpec ignoresStop(Object id) {
    return spec(id, (self, reason, who) -> add("?" + id + " " + reason));
  }

  /** A permanent worker that ends when it is asked to, but of something else. */
  ChildSpec endsOtherwise(Object id, ExitReason reason) {
    return spec(id, (self, asked, who) -> self.end(reason));
  }

  /** A permanent worker that answers a request to end as {@code behaviour} says. */
  ChildSpec spec(Object id, Proc.Behaviour behaviour) {
    return ChildSpec.worker(id, () -> StartResult.ok(start(id, behaviour)));
  }

  /** A permanent worker that starts, and has crashed before its supervisor hears of it. */
  ChildSpec crashesAtOnce(Object id) {
    return ChildSpec.worker(
        id,
        () -> {
          Proc proc = start(id, (self, reason, who) -> self.end(reason));
          proc.end(ExitReason.crash("at once"));
          return StartResult.ok(proc);
        });
  }

  /** A permanent supervisor over {@code specs}, whose own end is told as well. */
  ChildSpec supervisor(Object id, Flags flags, ChildSpec... specs) {
    return ChildSpec.supervisor(
        id,
        () -> {
          add("+" + id);
          Supervisor supervisor = Supervisor.start(String.valueOf(id), flags, specs);
          latest.put(id, supervisor.proc());
          supervisors.put(id, supervisor);
          supervisor.proc().owns(() -> add("-" + id + " " + supervisor.proc().cause()));
          return supervisor;
        });
  }

  /** Starts a life that answers a request to end as {@code behaviour} says. */
  Proc start(Object id, Proc.Behaviour behaviour) {
    Proc proc = new Proc(String.valueOf(id), behaviour);
    proc.owns(() -> add("-" + id + " " + proc.cause()));
    latest.put(id, proc);
    add("+" + id);
    return proc;
  }

  /** The present or last life of {@code id}. */
  Proc of(Object id) {
    return latest.get(id);
  }

  /** The present or last incarnation of the supervisor {@code id}. */
  Supervisor supervisorOf(Object id) {
    return supervisors.get(id);
  }

  synchronized List<String> history() {
    return List.copyOf(history);
  }

  /** What happens from now on. */
  synchronized void forget() {
    history.clear();
  }

  synchronized void add(String event) {
    history.add(event);
  }
}
