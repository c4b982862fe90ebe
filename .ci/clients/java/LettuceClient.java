import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LettuceVersion;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

final class LettuceClient implements Steps.Library {
  private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

  public static void main(String[] arguments) {
    String version = LettuceVersion.getVersion().split("/")[0]; // without its commit
    Steps.run(version, arguments, new LettuceClient());
  }

  /** A verb that Lettuce does not know. */
  private record Keyword(byte[] getBytes) implements ProtocolKeyword {
    @Override
    public byte[] getBytes() {
      return getBytes;
    }

    @Override
    public String toString() {
      return new String(getBytes, US_ASCII);
    }
  }

  @Override
  public Connection connect(String host, int port) {
    return connection(RedisClient.create(RedisURI.create(host, port)));
  }

  @Override
  public Connection login(String host, int port, String user, String password) {
    return connection(
        RedisClient.create(
            RedisURI.builder().withHost(host).withPort(port)
                .withAuthentication(user, password.toCharArray()).build()));
  }

  @Override
  public Connection tls(String host, int port, File ca) {
    RedisClient client =
        RedisClient.create(RedisURI.builder().withHost(host).withPort(port).withSsl(true).build());
    SslOptions ssl = SslOptions.builder().jdkSslProvider().trustManager(ca).build();
    client.setOptions(ClientOptions.builder().sslOptions(ssl).build());
    return connection(client);
  }

  private static Connection connection(RedisClient client) {
    StatefulRedisConnection<byte[], byte[]> connection = client.connect(CODEC);
    return new Connection() {
      @Override
      public Object call(byte[]... words) {
        return connection.sync().dispatch(new Keyword(words[0]), output(words), rest(words));
      }

      @Override
      public List<Object> pipeline(List<byte[][]> requests) throws Exception {
        connection.setAutoFlushCommands(false);
        List<RedisFuture<Object>> futures = new ArrayList<>();
        for (byte[][] words : requests)
          futures.add(
              connection.async().dispatch(new Keyword(words[0]), output(words), rest(words)));
        connection.flushCommands();
        connection.setAutoFlushCommands(true);
        List<Object> replies = new ArrayList<>();
        for (RedisFuture<Object> future : futures) replies.add(future.get());
        return replies;
      }

      @Override
      public void typed() {
        try (StatefulRedisConnection<String, String> texts = client.connect()) {
          RedisCommands<String, String> own = texts.sync();
          Steps.expect(own.set("milk", "1"), "OK");
          Steps.expect(own.get("milk"), "1");
          Steps.expect(own.incr("milk"), 2L);
          List<KeyValue<String, String>> read =
              List.of(KeyValue.just("milk", "2"), KeyValue.empty("eggs"));
          Steps.expect(own.mget("milk", "eggs"), read);
          Steps.expect(own.expire("milk", 100), true);
          Steps.expectTime(own.ttl("milk"));
          Steps.expect(own.set("tea", "green", SetArgs.Builder.ex(100)), "OK");
          Steps.expectTime(own.ttl("tea"));
          Steps.expect(own.del("milk", "tea"), 2L);
          for (String key : Steps.KEYS) own.set(key, "here");
          ScanIterator<String> found = ScanIterator.scan(own, ScanArgs.Builder.limit(20));
          Steps.expect(found.stream().collect(Collectors.toSet()), Steps.KEYS);
        }
      }

      @Override
      public void close() {
        client.shutdown();
      }
    };
  }

  /** What takes the reply to a request: Lettuce wants to know its type beforehand. */
  @SuppressWarnings("unchecked")
  private static CommandOutput<byte[], byte[], Object> output(byte[][] words) {
    CommandOutput<byte[], byte[], ?> output =
        switch (new String(words[0], US_ASCII)) {
          case "GET", "SWAP", "TAKE" -> new ValueOutput<>(CODEC);
          case "SIZE" -> new IntegerOutput<>(CODEC);
          default -> new StatusOutput<>(CODEC);
        };
    return (CommandOutput<byte[], byte[], Object>) output;
  }

  private static CommandArgs<byte[], byte[]> rest(byte[][] words) {
    CommandArgs<byte[], byte[]> rest = new CommandArgs<>(CODEC);
    for (int i = 1; i < words.length; i++) rest.add(words[i]);
    return rest;
  }
}
