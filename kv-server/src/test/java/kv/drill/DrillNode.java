package kv.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kv.server.Main;
import kv.server.testing.Folders;

/**
 * A node that has one life after another, each a process, all in one folder. Safe for use by any
 * thread.
 *
 * <p>Its lives have even numbers. While one ends and until the next has begun, the number is odd:
 * what a client hears in such a time is of no certain life.
 */
final class DrillNode implements AutoCloseable {
  private static final List<String> JVM =
      List.of(
          "-Xshare:auto",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC", // has no threads that come and go
          "-Dsun.rmi.transport.tcp.threadKeepAliveTime=1000", // so that they can be counted soon
          "-Dsun.rmi.transport.connectionTimeout=1000");

  private final String name;
  private final List<String> wrapper;
  private final String host;
  private final List<String> arguments;
  private final Path home;
  private final Path log;

  // Guarded by this.
  private Process process;
  private InetSocketAddress clients;
  private int peerPort;
  private boolean isClosed;

  /** Below zero before the first. */
  private volatile int life = -1;

  /**
   * A node without a life.
   *
   * @param wrapper a command that runs the one that it is given; empty for none
   * @param host where it is found by clients
   * @param heap as in {@code 64m}
   */
  DrillNode(String name, List<String> wrapper, String host, String heap, List<String> arguments)
      throws IOException {
    this.name = name;
    this.host = host;
    this.wrapper = wrapper;
    this.arguments = new ArrayList<>(JVM);
    this.arguments.add("-Xmx" + heap);
    this.arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    this.arguments.add(Main.class.getName());
    this.arguments.add("node.name=" + name);
    this.arguments.addAll(arguments);
    home = Files.createTempDirectory("drill-" + name);
    log = home.resolve("log");
  }

  /** Begins a life; returns when it accepts clients, and peers if it is to. */
  synchronized void start() throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(SystemPrograms.ofJdk("java"));
    command.addAll(arguments);
    process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectError(Redirect.appendTo(log.toFile()))
            .start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line = out.readLine();
    if (line != null && line.startsWith("Accepting peers on port ")) {
      peerPort = port(line);
      line = out.readLine();
    }
    if (line == null || !line.startsWith("Accepting connections on port "))
      throw new IOException(name + " said " + line + ", and in its log: " + log());
    clients = new InetSocketAddress(host, port(line));
    life++;
    notifyAll();
  }

  private static int port(String line) {
    return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  /** Ends its life as {@code kill -9} does; returns when it is gone. */
  synchronized void crash() throws IOException {
    life++; // before it ends: whoever reads the same even number twice has met nothing of this
    end();
  }

  private void end() throws IOException {
    process.destroyForcibly().onExit().join();
    process.getInputStream().close();
  }

  /** Stops all its threads, until {@link #thaw}. */
  void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    SystemPrograms.run("kill", signal, Long.toString(pid()));
  }

  /** What it is called in routing tables. */
  String name() {
    return name;
  }

  /** The number of its life: even as long as it lasts, odd between two. */
  int life() {
    return life;
  }

  /** Where its clients find it; waits for its next life if it has none. */
  synchronized InetSocketAddress clients() throws IOException, InterruptedException {
    while (life % 2 != 0) {
      if (isClosed) throw new IOException(name + " is gone for good");
      wait();
    }
    return clients;
  }

  synchronized int peerPort() {
    return peerPort;
  }

  synchronized long pid() {
    return process.pid();
  }

  /** What it takes once it has let go of what it needs no more: a collection comes first. */
  ProcessUsage usage() throws IOException, InterruptedException {
    SystemPrograms.run(SystemPrograms.ofJdk("jcmd"), Long.toString(pid()), "GC.run");
    return ProcessUsage.of(pid());
  }

  /** All that it has logged, in all its lives. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public synchronized void close() throws IOException {
    isClosed = true;
    if (life % 2 == 0) life++;
    notifyAll();
    if (process != null) end();
    Folders.delete(home);
  }
}
