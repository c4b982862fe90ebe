package kv.server.redis;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import kv.server.verbs.Caller;
import kv.server.wire.RespReplies;
import kv.store.Bytes;
import kv.user.User;

/**
 * What a client of a connection has said of itself, and what it has chosen. Its own thread changes
 * it; any thread may look.
 */
public final class RedisClient {
  /** The name of those who need not say who they are, as Redis has it. */
  static final String DEFAULT_USER = "default";

  /** The bucket that is selected as long as the client selects no other. */
  private static final byte[] FIRST = {'0'};

  /** How much of the name of a bucket a list shows. */
  private static final int MAX_SHOWN_BYTES = 128;

  private final long id;
  private final Caller caller;
  private final InetSocketAddress remote;
  private final InetSocketAddress local;
  private final long sinceNanos = System.nanoTime();

  private volatile String name = "";
  private volatile String library = "";
  private volatile String libraryVersion = "";
  private volatile byte[] database = FIRST;
  private volatile long idleSeconds;
  private volatile int version = RespReplies.OLDEST;

  RedisClient(
      long id, Caller caller, InetSocketAddress remote, InetSocketAddress local) {
    this.id = id;
    this.caller = caller;
    this.remote = remote;
    this.local = local;
  }

  /** Who it is, as far as the node knows. */
  public Caller caller() {
    return caller;
  }

  /** Its address and port. */
  public String address() {
    return text(remote);
  }

  /** Counts from 1; no two clients of a node have the same. */
  long id() {
    return id;
  }

  /** What it calls itself; empty if it has said nothing. */
  String name() {
    return name;
  }

  void rename(String name) {
    this.name = name;
  }

  /** Takes note of the library that it is made of. */
  void setLibrary(String library) {
    this.library = library;
  }

  void setLibraryVersion(String libraryVersion) {
    this.libraryVersion = libraryVersion;
  }

  /** Has the words of Redis be on that bucket; the array is not to be written to. */
  void select(byte[] bucket) {
    database = bucket;
  }

  /** The name of the bucket that the words of Redis are on; not to be written to. */
  byte[] database() {
    return database;
  }

  int version() {
    return version;
  }

  /** Has {@code reply} be in {@code version} of the protocol. */
  void speak(int version, RespReplies reply) {
    this.version = version;
    reply.speak(version);
  }

  /** Is as it was at first, and somebody of whom nothing is known. */
  void reset(RespReplies reply) {
    name = "";
    database = FIRST;
    speak(RespReplies.OLDEST, reply);
    reply.unmute();
    caller.forget();
  }

  /** Takes note of how long it has been silent; for who looks at it now and then. */
  public void wasSilentFor(long nanos) {
    idleSeconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  /**
   * A line on it, as Redis has it in CLIENT LIST, for libraries take it apart; what there is no
   * figure of is 0.
   */
  String line() {
    long age = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
    return "id=" + id
        + " addr=" + address()
        + " laddr=" + text(local)
        + " fd=0 name=" + name
        + " age=" + age
        + " idle=" + idleSeconds
        + " flags=N db=" + shown(database)
        + " sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0"
        + " obl=0 oll=0 omem=0 tot-mem=0 events=r cmd=NULL user="
        + caller.user().map(User::name).orElse(DEFAULT_USER)
        + " redir=-1 resp=" + version
        + " lib-name=" + library
        + " lib-ver=" + libraryVersion;
  }

  /** A word of a line; what would end it, or is not printable, is escaped. */
  private static String shown(byte[] name) {
    String quoted = Bytes.copyOf(name, 0, Math.min(name.length, MAX_SHOWN_BYTES)).toString();
    return quoted.substring(1, quoted.length() - 1).replace(" ", "\\x20");
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
