/**
 * Events: a manager that calls handlers one after another, and streams of what it is told. Knows
 * nothing of what the events are about; stands on {@link kv.otp}, and may be imported by anyone
 * above it.
 *
 * <pre>
 *   add, remove, swap, call, handlers --> EventManager
 *   notify      waits for room               |- EventHandler   on the manager's thread,
 *   ackNotify   until the event is taken     |- EventHandler   the oldest first
 *   syncNotify  until all are done with it   `- stream()       where it is pulled
 * </pre>
 *
 * <p>The rules are those of Erlang's {@code gen_event} and Elixir's {@code GenEvent}. Where the
 * generations differ:
 *
 * <ul>
 *   <li>Handlers are called oldest first, as in Elixir since 1.0; Erlang calls the newest first.
 *   <li>A second handler under an id that is taken is refused, as in Elixir; Erlang adds it.
 *   <li>The tie of a handler to its owner is one-way, as Elixir's monitored handlers: the owner's
 *       end removes the handler and is not passed on to others; the manager's end is told to the
 *       owner and kills nobody. A swap hands the tie on, as in Erlang.
 *   <li>An unknown handler is not found, as in Elixir; in Erlang it is a bad module for a call.
 *   <li>Every orderly stop runs {@code terminate}, that by a supervisor included, as in Erlang,
 *       where the manager traps exits; Elixir's does not, and runs none. A kill runs none anywhere.
 * </ul>
 *
 * <p>And where both differ from this:
 *
 * <ul>
 *   <li>Mailbox and streams are bounded: {@code notify} waits for room, and a stream that falls
 *       behind is cut off. So two managers whose handlers notify each other come to a standstill
 *       once both are full.
 *   <li>A call waits without limit; theirs gives up after 5 seconds.
 *   <li>A stream is unsubscribed when it is closed; theirs also by having had enough, as by {@code
 *       take}.
 * </ul>
 *
 * <p>Not offered: a handler that swaps itself, and messages to handlers that are no events.
 */
package kv.event;
