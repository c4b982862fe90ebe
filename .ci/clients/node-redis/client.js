const steps = require('../steps.js');

const [name, ...rest] = process.argv.slice(2); // node-redis-4 or node-redis-6, as in package.json
const { createClient, RESP_TYPES } = require(name);

const asBytes = RESP_TYPES
  ? { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }
  : { returnBuffers: true }; // version 4

steps(`${__dirname}/node_modules/${name}`, rest, async (host, port, { user, password, ca }) => {
  const socket = { host, port, ...(ca && { tls: true, ca }) };
  const client = createClient({ socket, ...(user && { username: user, password }) });
  client.on('error', () => {}); // it tries again by itself
  await client.connect();
  return {
    call: words => client.sendCommand(words),
    callBytes: words => client.sendCommand(words, asBytes),
    pipeline(requests) {
      const multi = client.multi();
      for (const words of requests) multi.addCommand(words);
      return multi.execAsPipeline();
    },
    own: client,
    setFor: (key, value, seconds) => client.set(key, value, { EX: seconds }),
    mget: keys => client.mGet(keys),
    scan: count => client.scanIterator({ COUNT: count }),
  };
});
