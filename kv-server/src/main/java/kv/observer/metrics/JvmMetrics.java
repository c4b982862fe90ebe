package kv.observer.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the JVM and its process tell, under the names that Prometheus' own library for Java has for
 * it, so that the dashboards for those show a node as well. What would stop all threads to be found
 * out, as who is in a deadlock, is left out.
 */
final class JvmMetrics {
  private static final System.Logger LOG = System.getLogger(JvmMetrics.class.getName());

  /** Linux has it. */
  private static final Path STATUS = Path.of("/proc/self/status");

  private static final Pattern STATUS_LINE =
      Pattern.compile("(?m)^(VmSize|VmRSS):\\s+([0-9]{1,15}) kB$");
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  /** What there is to know of an area or a pool, by its word in names of metrics. */
  private static final List<Usage> USAGES =
      List.of(
          new Usage("used", MemoryUsage::getUsed),
          new Usage("committed", MemoryUsage::getCommitted),
          new Usage("max", MemoryUsage::getMax),
          new Usage("init", MemoryUsage::getInit));

  private record Usage(String word, ToLongFunction<MemoryUsage> of) {
    long of(MemoryUsage now) {
      return of.applyAsLong(now);
    }
  }

  private JvmMetrics() {}

  static void write(Exposition out) {
    writeMemory(out, ManagementFactory.getMemoryMXBean());
    writePools(out, "jvm_memory_pool_", "", MemoryPoolMXBean::getUsage);
    writePools(
        out,
        "jvm_memory_pool_collection_",
        " after the last collection",
        MemoryPoolMXBean::getCollectionUsage);
    writeBuffers(out, ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class));
    writeCollections(out);
    writeThreads(out, ManagementFactory.getThreadMXBean());
    writeClasses(out, ManagementFactory.getClassLoadingMXBean());
    writeCompilation(out, ManagementFactory.getCompilationMXBean());
    out.family("jvm_runtime_info", Exposition.Type.INFO, "the JVM")
        .sample(
            1,
            "version", System.getProperty("java.runtime.version", "unknown"),
            "vendor", System.getProperty("java.vm.vendor", "unknown"),
            "runtime", System.getProperty("java.runtime.name", "unknown"));
    writeProcess(out);
  }

  private static void writeMemory(Exposition out, MemoryMXBean memory) {
    for (Usage usage : USAGES)
      out.gauge("jvm_memory_" + usage.word + "_bytes", usage.word + " bytes of an area of memory")
          .sample(usage.of(memory.getHeapMemoryUsage()), "area", "heap")
          .sample(usage.of(memory.getNonHeapMemoryUsage()), "area", "nonheap");
    out.gauge("jvm_memory_objects_pending_finalization", "objects that wait to be finalized")
        .sample(memory.getObjectPendingFinalizationCount());
  }

  /** A pool that knows no such usage has no sample. */
  private static void writePools(
      Exposition out, String prefix, String when, Function<MemoryPoolMXBean, MemoryUsage> asked) {
    for (Usage usage : USAGES) {
      out.gauge(prefix + usage.word + "_bytes", usage.word + " bytes of a pool of memory" + when);
      for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
        MemoryUsage now = asked.apply(pool);
        if (now != null) out.sample(usage.of(now), "pool", pool.getName());
      }
    }
  }

  private static void writeBuffers(Exposition out, List<BufferPoolMXBean> pools) {
    out.gauge("jvm_buffer_pool_used_bytes", "used bytes of a pool of buffers");
    for (BufferPoolMXBean pool : pools) out.sample(pool.getMemoryUsed(), "pool", pool.getName());
    out.gauge("jvm_buffer_pool_capacity_bytes", "capacity of a pool of buffers");
    for (BufferPoolMXBean pool : pools) out.sample(pool.getTotalCapacity(), "pool", pool.getName());
    out.gauge("jvm_buffer_pool_used_buffers", "used buffers of a pool of buffers");
    for (BufferPoolMXBean pool : pools) out.sample(pool.getCount(), "pool", pool.getName());
  }

  private static void writeCollections(Exposition out) {
    out.family(
        "jvm_gc_collection_seconds", Exposition.Type.SUMMARY, "time spent in a garbage collector");
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans())
      out.sample("_count", gc.getCollectionCount(), "gc", gc.getName())
          .sample("_sum", gc.getCollectionTime() / MILLIS, "gc", gc.getName());
  }

  private static void writeThreads(Exposition out, ThreadMXBean threads) {
    out.gauge("jvm_threads_current", "threads").sample(threads.getThreadCount());
    out.gauge("jvm_threads_daemon", "daemon threads").sample(threads.getDaemonThreadCount());
    out.gauge("jvm_threads_peak", "the most threads so far").sample(threads.getPeakThreadCount());
    out.counter("jvm_threads_started_total", "threads that were started")
        .sample(threads.getTotalStartedThreadCount());
    Map<Thread.State, Integer> states = new EnumMap<>(Thread.State.class);
    for (Thread.State state : Thread.State.values()) states.put(state, 0);
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds()))
      if (thread != null) states.merge(thread.getThreadState(), 1, Integer::sum);
    out.gauge("jvm_threads_state", "threads in a state");
    states.forEach((state, count) -> out.sample(count, "state", state.name()));
    out.sample(0, "state", "UNKNOWN");
  }

  private static void writeClasses(Exposition out, ClassLoadingMXBean classes) {
    out.gauge("jvm_classes_currently_loaded", "classes that are loaded")
        .sample(classes.getLoadedClassCount());
    out.counter("jvm_classes_loaded_total", "classes that were loaded")
        .sample(classes.getTotalLoadedClassCount());
    out.counter("jvm_classes_unloaded_total", "classes that were unloaded")
        .sample(classes.getUnloadedClassCount());
  }

  /** There is no compiler with {@code -Xint}. */
  private static void writeCompilation(Exposition out, CompilationMXBean compiler) {
    if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) return;
    out.counter("jvm_compilation_time_seconds_total", "time spent in the compiler")
        .sample(compiler.getTotalCompilationTime() / MILLIS);
  }

  private static void writeProcess(Exposition out) {
    out.gauge("process_start_time_seconds", "when the process started, since 1970")
        .sample(ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      out.counter("process_cpu_seconds_total", "processor time of user and system")
          .sample(unix.getProcessCpuTime() / NANOS);
      out.gauge("process_open_fds", "open file descriptors")
          .sample(unix.getOpenFileDescriptorCount());
      out.gauge("process_max_fds", "the most file descriptors that may be open")
          .sample(unix.getMaxFileDescriptorCount());
    }
    if (!Files.isReadable(STATUS)) return;
    try {
      Matcher line = STATUS_LINE.matcher(Files.readString(STATUS));
      while (line.find()) {
        String what = line.group(1).equals("VmSize") ? "virtual" : "resident";
        out.gauge("process_" + what + "_memory_bytes", what + " memory of the process")
            .sample(Long.parseLong(line.group(2)) * 1024);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the status of this process cannot be read", e);
    }
  }
}
