/**
 * Which node holds a bucket: the {@link kv.router.table.RoutingTable}, read from a {@link
 * kv.router.table.TableFile}, and the addresses of nodes. Stands on {@link kv.config}; imported by
 * the rest of the router, by the server, and by {@code kv.bench} for the names of hosts.
 */
package kv.router.table;
