/**
 * The figures of a node as MBeans, for {@code jconsole} and its like: {@link kv.jmx.NodeBeans}.
 * They are of the whole JVM, so {@code main} alone registers them. Stands on {@link
 * kv.server.verbs} and {@link kv.figures}; imported by {@link kv.server}.
 */
package kv.jmx;
