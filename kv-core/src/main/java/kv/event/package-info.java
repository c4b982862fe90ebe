/**
 * Events: a manager that calls handlers one after another, and streams of what it is told. Knows
 * nothing of what the events are about; stands on {@link kv.otp}, and may be imported by anyone
 * above it.
 *
 * <p>The rules are those of Erlang's {@code gen_event} and Elixir's {@code GenEvent}. Where the two
 * differ: handlers are called oldest first; a second handler under an id that is taken is refused;
 * the tie of a handler to its owner is one-way; an unknown handler is not found, whoever asks.
 */
package kv.event;
