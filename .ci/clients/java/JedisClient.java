import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.params.SetParams;

final class JedisClient implements Steps.Library {
  public static void main(String[] arguments) throws Exception {
    Properties own = new Properties();
    try (InputStream in = RedisClient.class.getResourceAsStream("pom.properties")) {
      own.load(in);
    }
    Steps.run(own.getProperty("version"), arguments, new JedisClient());
  }

  @Override
  public Connection connect(String host, int port) {
    return connection(RedisClient.create(host, port));
  }

  @Override
  public Connection login(String host, int port, String user, String password) {
    return connection(RedisClient.create(host, port, user, password));
  }

  @Override
  public Connection tls(String host, int port, File ca) throws Exception {
    DefaultJedisClientConfig config =
        DefaultJedisClientConfig.builder().ssl(true).sslSocketFactory(trusting(ca)).build();
    return connection(
        RedisClient.builder().hostAndPort(host, port).clientConfig(config).build());
  }

  private static SSLSocketFactory trusting(File ca) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = new FileInputStream(ca)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private static Connection connection(RedisClient client) {
    return new Connection() {
      @Override
      public Object call(byte[]... words) {
        return client.sendCommand(verb(words), rest(words));
      }

      @Override
      public List<Object> pipeline(List<byte[][]> requests) {
        try (Pipeline pipeline = client.pipelined()) {
          for (byte[][] words : requests) pipeline.sendCommand(verb(words), rest(words));
          return pipeline.syncAndReturnAll();
        }
      }

      @Override
      public void typed() {
        Steps.expect(client.set("milk", "1"), "OK");
        Steps.expect(client.get("milk"), "1");
        Steps.expect(client.incr("milk"), 2L);
        Steps.expect(client.mget("milk", "eggs"), Arrays.asList("2", null));
        Steps.expect(client.expire("milk", 100), 1L);
        Steps.expectTime(client.ttl("milk"));
        Steps.expect(client.set("tea", "green", SetParams.setParams().ex(100)), "OK");
        Steps.expectTime(client.ttl("tea"));
        Steps.expect(client.del("milk", "tea"), 2L);
        for (String key : Steps.KEYS) client.set(key, "here");
        Steps.expect(client.scanIteration(20, "*").collect(new HashSet<>()), Steps.KEYS);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private static ProtocolCommand verb(byte[][] words) {
    return () -> words[0];
  }

  private static byte[][] rest(byte[][] words) {
    return Arrays.copyOfRange(words, 1, words.length);
  }
}
