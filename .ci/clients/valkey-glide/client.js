const steps = require('../steps.js');
const { Batch, Decoder, GlideClient, TimeUnit } = require('@valkey/valkey-glide');

const folder = `${__dirname}/node_modules/@valkey/valkey-glide`;

steps(folder, process.argv.slice(2), async (host, port, { user, password, ca }) => {
  const client = await GlideClient.createClient({
    addresses: [{ host, port }],
    ...(user && { credentials: { username: user, password } }),
    ...(ca && {
      useTLS: true,
      advancedConfiguration: { tlsAdvancedConfiguration: { rootCertificates: ca } },
    }),
  });
  return {
    call: words => client.customCommand(words),
    callBytes: words => client.customCommand(words, { decoder: Decoder.Bytes }),
    pipeline(requests) {
      const batch = new Batch(false); // not a transaction
      for (const words of requests) batch.customCommand(words);
      return client.exec(batch, true);
    },
    own: client,
    setFor: (key, value, seconds) =>
      client.set(key, value, { expiry: { type: TimeUnit.Seconds, count: seconds } }),
    mget: keys => client.mget(keys),
    async *scan(count) {
      let [cursor, keys] = await client.scan('0', { count });
      yield keys;
      while (cursor !== '0') {
        [cursor, keys] = await client.scan(cursor, { count });
        yield keys;
      }
    },
  };
});
