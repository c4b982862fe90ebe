const steps = require('../steps.js');

const [name, ...rest] = process.argv.slice(2); // ioredis-5 or ioredis-6, as in package.json
const Redis = require(name);

steps(`${__dirname}/node_modules/${name}`, rest, async (host, port, { user, password, ca }) => {
  const more = { ...(user && { username: user, password }), ...(ca && { tls: { ca } }) };
  const redis = new Redis({ host, port, ...more });
  redis.on('error', () => {}); // it tries again by itself
  return {
    call: words => redis.call(...words),
    callBytes: words => redis.callBuffer(...words),
    async pipeline(requests) {
      const pipeline = redis.pipeline();
      for (const words of requests) pipeline.call(...words);
      return (await pipeline.exec()).map(([error, reply]) => error ?? reply);
    },
    own: redis,
    setFor: (key, value, seconds) => redis.set(key, value, 'EX', seconds),
    mget: keys => redis.mget(keys),
    scan: count => redis.scanStream({ count }),
  };
});
