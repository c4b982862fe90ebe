/**
 * What is counted and measured while requests pass, for {@code INFO} and whoever watches a node.
 * {@link kv.figures.Traffic} has the figures of a node; each session brings them to it in a {@link
 * kv.figures.Tally}, once a batch. Stands on the commands of kv-core; imported by all that serves
 * clients.
 */
package kv.figures;
