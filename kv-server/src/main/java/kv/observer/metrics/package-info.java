/**
 * The figures of a node and its JVM as text for Prometheus, and for all that reads OpenMetrics.
 * {@link kv.observer.metrics.Metrics} has the list of what is told; nothing here keeps anything.
 * Stands on {@link kv.server.verbs} and {@link kv.figures}; imported by who serves the text.
 */
package kv.observer.metrics;
