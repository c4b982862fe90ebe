<?php
/** What phpredis does with a node, a line a step. */

[, $host, $port, $usersPort, $user, $password, $tlsPort, $ca] = $argv;
$everyByte = implode(array_map('chr', range(0, 255))) . "\r\n\0";

function step(string $name, callable $body): void {
    try {
        $body();
        echo "$name ok\n";
    } catch (Throwable $e) {
        echo "$name failed: ", str_replace("\n", ' ', $e->getMessage()), "\n";
    }
}

function expect(mixed $actual, mixed $expected): void {
    if ($actual !== $expected)
        throw new Exception(json_encode($actual) . ' instead of ' . json_encode($expected));
}

function expectTime(int $seconds): void {
    if ($seconds < 1 || $seconds > 100) throw new Exception("$seconds s are left of 100");
}

function ok(Redis $redis, string ...$words): void {
    $reply = $redis->rawCommand(...$words);
    if ($reply !== true) throw new Exception("$words[0]: " . $redis->getLastError());
}

echo 'version ', phpversion('redis'), "\n";
$redis = new Redis();

step('connect', function () use ($redis, $host, $port) {
    $redis->connect($host, (int) $port);
    expect($redis->ping(), true);
});

step('verbs', function () use ($redis) {
    ok($redis, 'CREATE', 'verbs');
    ok($redis, 'PUT', 'verbs', 'milk', '1');
    expect($redis->rawCommand('GET', 'verbs', 'milk'), '1');
    expect($redis->rawCommand('SWAP', 'verbs', 'milk', '2'), '1');
    expect($redis->rawCommand('SIZE', 'verbs'), 1);
    ok($redis, 'DELETE', 'verbs', 'milk');
    expect($redis->rawCommand('SIZE', 'verbs'), 0);
    ok($redis, 'DROP', 'verbs');
});

step('missing', function () use ($redis) {
    ok($redis, 'CREATE', 'shopping');
    expect($redis->rawCommand('GET', 'shopping', 'eggs'), false); // what phpredis has for null
    expect($redis->getLastError(), null);
});

step('binary', function () use ($redis, $everyByte) {
    ok($redis, 'CREATE', $everyByte);
    ok($redis, 'PUT', $everyByte, $everyByte, $everyByte);
    expect($redis->rawCommand('GET', $everyByte, $everyByte) === $everyByte, true);
    expect($redis->rawCommand('TAKE', $everyByte, $everyByte) === $everyByte, true);
});

step('pipeline', function () use ($redis) {
    $pipe = $redis->pipeline();
    for ($i = 0; $i < 500; $i++) {
        $pipe->rawCommand('PUT', 'shopping', "key$i", (string) $i);
        $pipe->rawCommand('GET', 'shopping', "key$i");
    }
    $replies = $pipe->exec();
    expect(count($replies), 1000);
    for ($i = 0; $i < 500; $i++) expect($replies[2 * $i + 1], (string) $i);
});

step('typed', function () use ($redis) {
    expect($redis->set('milk', 1), true);
    expect($redis->get('milk'), '1');
    expect($redis->incr('milk'), 2);
    expect($redis->mGet(['milk', 'eggs']), ['2', false]);
    expect($redis->expire('milk', 100), true);
    expectTime($redis->ttl('milk'));
    expect($redis->set('tea', 'green', ['EX' => 100]), true);
    expectTime($redis->ttl('tea'));
    expect($redis->del('milk', 'tea'), 2);
    $here = array_map(fn ($i) => "key$i", range(0, 199));
    foreach ($here as $key) $redis->set($key, 'here');
    $found = [];
    $cursor = null;
    while (($keys = $redis->scan($cursor, null, 20)) !== false)
        foreach ($keys as $key) $found[$key] = true;
    ksort($found);
    sort($here);
    expect(array_keys($found), $here);
});

step('reconnect', function () use ($redis) {
    ok($redis, 'PUT', 'shopping', 'milk', '1');
    echo "restart me\n";
    stream_get_contents(STDIN);
    expect($redis->rawCommand('GET', 'shopping', 'milk'), '1');
});

step('login', function () use ($host, $usersPort, $user, $password) {
    $redis = new Redis();
    $redis->connect($host, (int) $usersPort);
    expect($redis->auth([$user, $password]), true);
    ok($redis, 'CREATE', 'shopping');
});

step('tls', function () use ($host, $tlsPort, $ca) {
    $redis = new Redis();
    $redis->connect("tls://$host", (int) $tlsPort, 0, null, 0, 0, ['stream' => ['cafile' => $ca]]);
    ok($redis, 'CREATE', 'shopping');
});
