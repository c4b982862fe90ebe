/**
 * The observer: what Erlang's people open to see what is alive. It shows a node's supervision tree,
 * what has happened in it, its figures over ten minutes and the nodes of its table on a page, and
 * the figures to tools. The page is a few files in the jar, which ask for what they show here.
 *
 * <pre>
 *   node
 *     `- observer (one_for_one), unless observer.port=none
 *          |- figures   takes a sample of the node's figures each second
 *          |- watch     looks at tree and reports as long as there is a page
 *          |- ring      asks the other nodes where their observers are, likewise
 *          `- http      the port, and all that is open there
 * </pre>
 *
 * <p>What has been seen (reports, ten minutes of samples) outlives these children. Each page has a
 * stream of events, and a bounded {@link kv.observer.Outbox} for those that it has not read yet.
 * With no page open, only {@code figures} goes on.
 *
 * <p>Stands on {@link kv.observer.http}, and looks at all that a node is made of; imported by
 * {@code kv.server} alone.
 */
package kv.observer;
