/**
 * The load generator that {@code java -jar kv-server.jar bench} runs: it talks to a node over its
 * port for clients, as anybody could, and shares nothing with one. Imports {@link kv.config} for
 * its settings, {@link kv.store} and {@link kv.router.table} for what names may be; imported by
 * {@code kv.server.Main} and nobody else.
 *
 * <pre>
 *   Bench --Settings--&gt; Target    asks the node who it is and who holds the bucket, and makes it
 *         --Plan------&gt; Worker    a thread: a selector and its share of the clients
 *                         `- BenchClient  a connection: writes batches, has their replies checked
 *         &lt;--Tally----            what a worker has counted; Report prints it
 * </pre>
 *
 * <p>Threads and all they use end with the command, so nothing is supervised here. Between the
 * start of a measurement and its end nothing is allocated for a batch that is answered as it
 * should be: the figures are to be the node's, not those of this program's garbage collector.
 */
package kv.bench;
