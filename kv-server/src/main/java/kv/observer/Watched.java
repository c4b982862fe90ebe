package kv.observer;

import kv.figures.Traffic;
import kv.observer.metrics.Metrics;
import kv.otp.Name;
import kv.otp.Supervisor;
import kv.router.Router;
import kv.store.Storage;

/**
 * The node that is observed.
 *
 * @param version that of the node's jar
 * @param root the supervisor of all
 * @param hasDrills whether people may have parts of it crash
 */
public record Watched(
    String version,
    Name<Supervisor> root,
    Storage storage,
    Router router,
    Traffic traffic,
    Metrics metrics,
    boolean hasDrills) {}
