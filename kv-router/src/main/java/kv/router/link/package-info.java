/**
 * The calling side: a {@link kv.router.link.Link} to each node of the table. Stands on {@link
 * kv.router.wire}; imported by the router, and by the server for its {@link
 * kv.router.link.LinkRules} alone.
 */
package kv.router.link;
