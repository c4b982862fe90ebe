/**
 * Which node holds a bucket: the {@link kv.router.table.RoutingTable}, read from a {@link
 * kv.router.table.TableFile}, and the addresses of nodes. Stands on {@link kv.config}; imported by
 * all of the router, and by the server.
 */
package kv.router.table;
