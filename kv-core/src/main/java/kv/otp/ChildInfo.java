package kv.otp;

import java.time.Duration;
import java.util.Optional;

/**
 * One child as {@link Supervisor#whichChildren} lists it.
 *
 * @param id its id; empty under simple_one_for_one
 * @param state whether it runs
 * @param proc its life, if it is running
 * @param info what its start function gave along, if it is running and there was something: for a
 *     supervisor that is the {@link Supervisor}, which makes a tree something to walk through
 * @param type worker or supervisor
 * @param restarts how often it has been restarted, alone or with its group, under this supervisor
 * @param age how long its present life has lasted, if it is running
 */
public record ChildInfo(
    Optional<Object> id,
    State state,
    Optional<Proc> proc,
    Optional<Object> info,
    ChildType type,
    int restarts,
    Optional<Duration> age) {
  /** Whether a child runs. */
  public enum State {
    /** It was started and has not exited, as far as its supervisor knows. */
    RUNNING,
    /** Its restart failed and is about to be tried again. */
    RESTARTING,
    /** It was stopped, has finished, or had nothing to start: OTP's {@code undefined}. */
    UNDEFINED
  }
}
