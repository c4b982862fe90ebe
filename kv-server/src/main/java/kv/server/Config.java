package kv.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import kv.config.ConfigException;
import kv.config.Durations;
import kv.config.Place;
import kv.config.PropertiesFile;
import kv.config.Setting;
import kv.config.Sizes;
import kv.log.LogSettings;
import kv.log.SyncPolicy;
import kv.observer.http.PortSettings;
import kv.router.wire.KeepAlive;
import kv.server.net.ConnectionThreads;

/**
 * How a node is set up: a value for every key, those that nobody has set at their default.
 *
 * <p>Immutable. The keys, with their defaults and what each does, are described in
 * {@code config/kv.properties} and, in short, by {@link #help()}. Each value is checked when it is
 * set; what the values must be for each other is checked as soon as all of them are known: at the
 * end of {@link #load} and {@link #fromArguments}, and when a node starts. Blanks around a value
 * do not count.
 */
public final class Config {
  private static final Config COMMAND_LINE = new Config(new EnumMap<>(Key.class));
  private static final Config DEFAULTS = COMMAND_LINE.with("storage.folder", "none");
  private static final Path WORKING_FOLDER_FILE = Path.of("");

  /** What has been set; never changed once it is here. */
  private final EnumMap<Key, Setting> settings;

  private Config(EnumMap<Key, Setting> settings) {
    this.settings = settings;
  }

  /**
   * Every key at its default: a node that holds every bucket and serves local clients. But it keeps
   * them in memory only: what a program writes to disk, it says itself.
   */
  public static Config defaults() {
    return DEFAULTS;
  }

  /**
   * The defaults with the settings of {@code file}, a UTF-8 properties file, on top.
   *
   * @throws ConfigException if the file cannot be read or has an unknown key or a bad value
   */
  public static Config load(Path file) {
    return DEFAULTS.with(file).checked();
  }

  /**
   * A command line: {@code [--config FILE] [KEY=VALUE ...]}. An argument overrides the file,
   * wherever the two stand. What is not set is at its default, {@code storage.folder} included.
   *
   * @throws ConfigException if the arguments or the file are not as they must be; other options,
   *     such as {@code --help}, are for the caller to handle first
   */
  public static Config fromArguments(String... arguments) {
    Arguments parsed = Arguments.parse(arguments);
    Config config = parsed.file().map(COMMAND_LINE::with).orElse(COMMAND_LINE);
    for (Setting setting : parsed.settings()) config = config.with(setting, WORKING_FOLDER_FILE);
    return config.checked();
  }

  /** How to start a node from the command line: options, keys, exit statuses; many lines. */
  public static String help() {
    return HelpText.text();
  }

  /**
   * This configuration with {@code key} set to {@code value}, in the notation of the file.
   *
   * @throws ConfigException if there is no such key, or the value is none for it
   */
  public Config with(String key, String value) {
    Place place = Place.ofArgument(key + "=" + value);
    return with(new Setting(key, value, place), WORKING_FOLDER_FILE);
  }

  private Config with(Path file) {
    Config config = this;
    for (Setting setting : PropertiesFile.read(file)) config = config.with(setting, file);
    return config;
  }

  /** A path in {@code setting} is relative to the folder of {@code origin}. */
  private Config with(Setting setting, Path origin) {
    Key key = Key.TABLE.key(setting);
    String value = Key.TABLE.value(setting);
    if (key.rule().isPath().test(value))
      value = origin.resolveSibling(value).toString();
    EnumMap<Key, Setting> changed = new EnumMap<>(settings);
    changed.put(key, new Setting(key.toString(), value, setting.place()));
    return new Config(changed);
  }

  /**
   * This configuration, whose values fit together; for the start of a node that has been set up by
   * {@link #with(String, String)}.
   *
   * @throws ConfigException if they do not
   */
  Config checked() {
    if (routingTable().isPresent() && !settings.containsKey(Key.NODE_NAME))
      throw new ConfigException(settings.get(Key.ROUTER_TABLE).place(),
          "router.table is set, but node.name is not; set node.name to this node's name in the"
              + " table");
    int jdk = Runtime.version().feature();
    if (threads() == ConnectionThreads.VIRTUAL && jdk < ConnectionThreads.FIRST_JDK_FOR_VIRTUAL)
      throw new ConfigException(settings.get(Key.SERVER_THREADS).place(),
          "server.threads is 'virtual', which needs JDK "
              + ConnectionThreads.FIRST_JDK_FOR_VIRTUAL + " or newer, and this is JDK " + jdk
              + "; use 'platform', or start the node with a newer one");
    if (serverPort().isEmpty() && routerPort().isEmpty())
      throw new ConfigException(settings.get(Key.SERVER_PORT).place(),
          "server.port and router.port are both 'none', so nobody could reach the node; set one of"
              + " them");
    refuseOnePort(Key.ROUTER_HOST, Key.ROUTER_PORT, Key.SERVER_HOST, Key.SERVER_PORT);
    refuseOnePort(Key.OBSERVER_HOST, Key.OBSERVER_PORT, Key.SERVER_HOST, Key.SERVER_PORT);
    refuseOnePort(Key.OBSERVER_HOST, Key.OBSERVER_PORT, Key.ROUTER_HOST, Key.ROUTER_PORT);
    TlsSettings.check(this);
    InsecurePorts.check(this);
    return this;
  }

  /** The port of {@code portKey}, if there is one, has been set: it is none by default. */
  private void refuseOnePort(Key hostKey, Key portKey, Key otherHost, Key otherPort) {
    OptionalInt port = port(portKey);
    if (port.orElse(0) == 0 || !port.equals(port(otherPort))) return;
    if (!text(hostKey).equalsIgnoreCase(text(otherHost))) return;
    throw new ConfigException(settings.get(portKey).place(),
        otherPort + " and " + portKey + " are both " + port.getAsInt() + " on " + text(hostKey)
            + "; use another port for one of them");
  }

  /** {@code node.name}: what routing tables call this node. */
  public String nodeName() {
    return text(Key.NODE_NAME);
  }

  /** {@code node.tcp-keepalive}: how the system asks for clients and nodes that are silent. */
  public KeepAlive keepAlive() {
    return new KeepAlive(Durations.parse(text(Key.NODE_TCP_KEEPALIVE)));
  }

  /**
   * {@code storage.folder}: where the buckets of this node are kept, its own folder; empty for
   * memory only.
   */
  public Optional<Path> storageFolder() {
    String folder = text(Key.STORAGE_FOLDER);
    return folder.equals("none")
        ? Optional.empty()
        : Optional.of(Path.of(folder).resolve(nodeName()));
  }

  /** {@code storage.sync} and its like: how the log of the buckets is kept. */
  public LogSettings logSettings() {
    return LogSettings.DEFAULT
        .policy(SyncPolicy.valueOf(text(Key.STORAGE_SYNC).toUpperCase(Locale.ROOT)))
        .syncTimeout(Durations.parse(text(Key.STORAGE_SYNC_TIMEOUT)))
        .minFree(Sizes.parse(text(Key.STORAGE_MIN_FREE)));
  }

  /** {@code storage.max-memory}: how much of the maximum heap buckets may take, 1 to 90 percent. */
  public int maxMemoryPercent() {
    return percent(Key.STORAGE_MAX_MEMORY);
  }

  private int percent(Key key) {
    String text = text(key);
    return Integer.parseInt(text.substring(0, text.length() - 1));
  }

  /** {@code server.host}: the address on which clients are accepted. */
  public String serverHost() {
    return text(Key.SERVER_HOST);
  }

  /** {@code server.port}: for clients; 0 for any free port, empty for no clients. */
  public OptionalInt serverPort() {
    return port(Key.SERVER_PORT);
  }

  /** {@code server.max-line-bytes}: the longest line that a client may send, 64 to 16777216. */
  public int maxLineBytes() {
    return Integer.parseInt(text(Key.SERVER_MAX_LINE_BYTES));
  }

  /** {@code server.max-word-bytes}: the longest word in RESP, 64 to 8388608. */
  public int maxWordBytes() {
    return Integer.parseInt(text(Key.SERVER_MAX_WORD_BYTES));
  }

  /** {@code server.max-connections}: how many clients may be connected, 1 to 1000000. */
  public int maxConnections() {
    return Integer.parseInt(text(Key.SERVER_MAX_CONNECTIONS));
  }

  /**
   * {@code server.max-memory}: how much of the maximum heap connections, requests and replies may
   * take, 1 to 90 percent.
   */
  public int clientMemoryPercent() {
    return percent(Key.SERVER_MAX_MEMORY);
  }

  /** {@code server.idle-timeout}: how long a client may send nothing; zero for any time. */
  public Duration idleTimeout() {
    return Durations.parse(text(Key.SERVER_IDLE_TIMEOUT));
  }

  /** {@code server.write-timeout}: how long a client may read nothing; zero for any time. */
  public Duration writeTimeout() {
    return Durations.parse(text(Key.SERVER_WRITE_TIMEOUT));
  }

  /** {@code server.threads}: what each connection runs on. */
  ConnectionThreads threads() {
    return ConnectionThreads.valueOf(text(Key.SERVER_THREADS).toUpperCase(Locale.ROOT));
  }

  /** {@code server.users}: the file, ready to be opened; empty if everybody may do everything. */
  public Optional<Path> users() {
    return file(Key.SERVER_USERS);
  }

  /** {@code server.drills}: whether clients may have parts of the node crash. */
  public boolean drills() {
    return Boolean.parseBoolean(text(Key.SERVER_DRILLS));
  }

  /** {@code server.stop-timeout}: how long a stop waits for requests in flight; may be zero. */
  public Duration stopTimeout() {
    return Durations.parse(text(Key.SERVER_STOP_TIMEOUT));
  }

  /** {@code router.host}: the address on which other nodes are accepted. */
  public String routerHost() {
    return text(Key.ROUTER_HOST);
  }

  /** {@code router.port}: for other nodes; 0 for any free port, empty for none of them. */
  public OptionalInt routerPort() {
    return port(Key.ROUTER_PORT);
  }

  /** {@code router.table}: the file, ready to be opened; empty if every bucket is here. */
  public Optional<Path> routingTable() {
    return file(Key.ROUTER_TABLE);
  }

  /** {@code router.connect-timeout}: how long to wait for a connection to a node; not zero. */
  public Duration routerConnectTimeout() {
    return Durations.parse(text(Key.ROUTER_CONNECT_TIMEOUT));
  }

  /** {@code router.call-timeout}: how long to wait for the answer of a node; not zero. */
  public Duration routerCallTimeout() {
    return Durations.parse(text(Key.ROUTER_CALL_TIMEOUT));
  }

  /** {@code router.max-calls}: calls of single clients under way to one node, 1 to 10000. */
  public int routerMaxCalls() {
    return Integer.parseInt(text(Key.ROUTER_MAX_CALLS));
  }

  /** {@code router.max-connections}: connections of other nodes at a time, 1 to 10000. */
  public int routerMaxConnections() {
    return Integer.parseInt(text(Key.ROUTER_MAX_CONNECTIONS));
  }

  /** {@code router.idle-timeout}: how long one of them may bring no whole call; 1 s or more. */
  public Duration routerIdleTimeout() {
    return Durations.parse(text(Key.ROUTER_IDLE_TIMEOUT));
  }

  /** {@code observer.host}: the address on which browsers and tools are accepted. */
  public String observerHost() {
    return text(Key.OBSERVER_HOST);
  }

  /** {@code observer.port}: for browsers and tools; 0 for any free port, empty for none of them. */
  public OptionalInt observerPort() {
    return port(Key.OBSERVER_PORT);
  }

  /** {@code observer.names}: further hosts by which browsers may call the observer. */
  public List<String> observerNames() {
    return PortSettings.names(text(Key.OBSERVER_NAMES));
  }

  /** {@code observer.insecure}: whether anybody at all may be able to reach the observer. */
  public boolean observerInsecure() {
    return Boolean.parseBoolean(text(Key.OBSERVER_INSECURE));
  }

  /** {@code server.insecure}: whether anybody at all may be able to connect as a client. */
  public boolean serverInsecure() {
    return Boolean.parseBoolean(text(Key.SERVER_INSECURE));
  }

  /** {@code router.insecure}: whether anybody at all may be able to connect as a node. */
  public boolean routerInsecure() {
    return Boolean.parseBoolean(text(Key.ROUTER_INSECURE));
  }

  /** What {@code key} has been set to, and where; empty if it has not been, or to nothing. */
  Optional<Setting> setting(Key key) {
    return Optional.ofNullable(settings.get(key)).filter(one -> !one.value().isEmpty());
  }

  /** {@code supervisor.max-restarts}: restarts within a period before giving up, 0 to 1000. */
  public int maxRestarts() {
    return Integer.parseInt(text(Key.SUPERVISOR_MAX_RESTARTS));
  }

  /** {@code supervisor.period}: the time in which those restarts are counted; not zero. */
  public Duration restartPeriod() {
    return Durations.parse(text(Key.SUPERVISOR_PERIOD));
  }

  private Optional<Path> file(Key key) {
    String file = text(key);
    return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
  }

  private OptionalInt port(Key key) {
    String text = text(key);
    return text.equals("none") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
  }

  String text(Key key) {
    Setting setting = settings.get(key);
    return setting == null ? key.defaultValue() : setting.value();
  }
}
