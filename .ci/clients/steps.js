const { deepStrictEqual: expect } = require('node:assert');
const fs = require('node:fs');

const EVERY_BYTE = Buffer.from([...Array(256).keys(), 13, 10, 0]);
const NUMBERS = [...Array(500).keys()];
const KEYS = NUMBERS.slice(0, 200).map(i => `key${i}`);

/** Of the seconds that a key has left: of 100, a slow machine may need some. */
function expectTime(seconds) {
  if (!(seconds > 0 && seconds <= 100)) throw new Error(`${seconds} s are left of 100`);
}

/**
 * What each library for Node does with a node, a line a step.
 *
 * @param folder of the package, whose version is printed
 * @param connect answers a connection for a host, a port and more: user, password, ca. It has
 *     call(words), whose replies are texts, callBytes(words), whose replies are buffers,
 *     and pipeline(requests); own, which is the library's client, with its calls; and what each
 *     library calls in its own way: setFor(key, value, seconds), mget(keys) and scan(count)
 */
module.exports = async (folder, arguments_, connect) => {
  const { version, engines } = JSON.parse(fs.readFileSync(`${folder}/package.json`));
  console.log('version', version);
  const [host, port, usersPort, user, password, tlsPort, ca] = arguments_;
  const oldest = Number(engines?.node.match(/\d+/));
  if (parseInt(process.versions.node) < oldest) {
    console.log(`skipped: needs Node ${oldest}, and this is ${process.version}`);
    return;
  }
  let client;

  const steps = {
    async connect() {
      client = await connect(host, Number(port), {});
      expect(await client.call(['PING']), 'PONG');
    },

    async verbs() {
      expect(await client.call(['CREATE', 'verbs']), 'OK');
      expect(await client.call(['PUT', 'verbs', 'milk', '1']), 'OK');
      expect(await client.call(['GET', 'verbs', 'milk']), '1');
      expect(await client.call(['SWAP', 'verbs', 'milk', '2']), '1');
      expect(await client.call(['SIZE', 'verbs']), 1);
      expect(await client.call(['DELETE', 'verbs', 'milk']), 'OK');
      expect(await client.call(['SIZE', 'verbs']), 0);
      expect(await client.call(['DROP', 'verbs']), 'OK');
    },

    async missing() {
      expect(await client.call(['CREATE', 'shopping']), 'OK');
      expect(await client.call(['GET', 'shopping', 'eggs']), null);
    },

    async binary() {
      await client.callBytes(['CREATE', EVERY_BYTE]);
      await client.callBytes(['PUT', EVERY_BYTE, EVERY_BYTE, EVERY_BYTE]);
      expect(await client.callBytes(['GET', EVERY_BYTE, EVERY_BYTE]), EVERY_BYTE);
      expect(await client.callBytes(['TAKE', EVERY_BYTE, EVERY_BYTE]), EVERY_BYTE);
    },

    async pipeline() {
      const requests = NUMBERS.flatMap(i => [
        ['PUT', 'shopping', `key${i}`, String(i)],
        ['GET', 'shopping', `key${i}`],
      ]);
      const replies = await client.pipeline(requests);
      expect(replies, NUMBERS.flatMap(i => ['OK', String(i)]));
    },

    async typed() {
      const { own } = client;
      expect(await own.set('milk', '1'), 'OK');
      expect(await own.get('milk'), '1');
      expect(await own.incr('milk'), 2);
      expect(await client.mget(['milk', 'eggs']), ['2', null]);
      expect(Number(await own.expire('milk', 100)), 1);
      expectTime(await own.ttl('milk'));
      expect(await client.setFor('tea', 'green', 100), 'OK');
      expectTime(await own.ttl('tea'));
      expect(await own.del(['milk', 'tea']), 2);
      await Promise.all(KEYS.map(key => own.set(key, 'here')));
      const found = [];
      for await (const keys of client.scan(20)) found.push(...[keys].flat());
      expect(new Set(found), new Set(KEYS));
    },

    async reconnect() {
      expect(await client.call(['PUT', 'shopping', 'milk', '1']), 'OK');
      console.log('restart me');
      await new Promise(resolve => process.stdin.resume().once('end', resolve));
      const deadline = Date.now() + 20_000;
      let errors = 0;
      const get = () =>
        client.call(['GET', 'shopping', 'milk']).catch(e => {
          if (Date.now() > deadline) throw e;
          errors++;
          return get();
        });
      expect(await get(), '1');
      return errors > 0 ? ', after an error' : '';
    },

    async login() {
      const client = await connect(host, Number(usersPort), { user, password });
      expect(await client.call(['CREATE', 'shopping']), 'OK');
    },

    async tls() {
      const client = await connect(host, Number(tlsPort), { ca: fs.readFileSync(ca) });
      expect(await client.call(['CREATE', 'shopping']), 'OK');
    },
  };

  for (const name in steps) {
    try {
      console.log(`${name} ok${(await steps[name]()) ?? ''}`);
    } catch (e) {
      console.log(`${name} failed: ${e.name} ${e.message.replaceAll('\n', ' ')}`);
    }
  }
  process.exit(); // whatever the clients still wait for
};
