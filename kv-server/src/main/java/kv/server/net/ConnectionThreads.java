package kv.server.net;

import java.util.concurrent.ThreadFactory;

/**
 * What each connection runs on. A platform thread waits for a request in one system call, a virtual
 * one in several, but takes far less memory while it waits. Virtual threads are taken from JDK 24
 * on only: before that, one that waits in a synchronized block holds a platform thread.
 */
public enum ConnectionThreads {
  PLATFORM {
    @Override
    public ThreadFactory factory() {
      return task -> {
        Thread thread = new Thread(null, task, "", STACK_BYTES);
        thread.setDaemon(false); // else it is what the one that makes it is
        return thread;
      };
    }
  },
  VIRTUAL {
    /** By reflection: the code is compiled for JDK 17. */
    @Override
    public ThreadFactory factory() {
      try {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        return (ThreadFactory) type.getMethod("factory").invoke(builder);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this JDK has no virtual threads", e);
      }
    }
  };

  /** The first JDK that has them as they are needed. */
  public static final int FIRST_JDK_FOR_VIRTUAL = 24;

  /** Enough for every command, and for a call of a peer. */
  private static final long STACK_BYTES = 256 * 1024;

  /** Makes a thread for each connection. */
  public abstract ThreadFactory factory();
}
