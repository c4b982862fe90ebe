"""What redis-py does with a node, a line a step."""

import sys

import redis

host, port, users_port, user, password, tls_port, ca = sys.argv[1:]
every_byte = bytes(range(256)) + b"\r\n\0"


def step(name, body):
    try:
        print(name, body() or "ok", flush=True)
    except Exception as e:
        print(name, "failed:", type(e).__name__, str(e).replace("\n", " "), flush=True)


def expect(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


def expect_time(seconds):
    assert 0 < seconds <= 100, f"{seconds} s are left of 100"


def ok(client, *words):
    expect(client.execute_command(*words) in (b"OK", True), True)


def connect():
    expect(client.ping(), True)


def verbs():
    ok(client, "CREATE", "verbs")
    ok(client, "PUT", "verbs", "milk", "1")
    expect(client.execute_command("GET", "verbs", "milk"), b"1")
    expect(client.execute_command("SWAP", "verbs", "milk", "2"), b"1")
    expect(client.execute_command("SIZE", "verbs"), 1)
    ok(client, "DELETE", "verbs", "milk")
    expect(client.execute_command("SIZE", "verbs"), 0)
    ok(client, "DROP", "verbs")


def missing():
    ok(client, "CREATE", "shopping")
    expect(client.execute_command("GET", "shopping", "eggs"), None)


def binary():
    ok(client, "CREATE", every_byte)
    ok(client, "PUT", every_byte, every_byte, every_byte)
    expect(client.execute_command("GET", every_byte, every_byte), every_byte)
    expect(client.execute_command("TAKE", every_byte, every_byte), every_byte)


def pipeline():
    pipe = client.pipeline(transaction=False)
    for i in range(500):
        pipe.execute_command("PUT", "shopping", f"key{i}", i)
        pipe.execute_command("GET", "shopping", f"key{i}")
    expect(pipe.execute()[1::2], [b"%d" % i for i in range(500)])


def typed():
    expect(client.set("milk", 1), True)
    expect(client.get("milk"), b"1")
    expect(client.incr("milk"), 2)
    expect(client.mget("milk", "eggs"), [b"2", None])
    expect(client.expire("milk", 100), True)
    expect_time(client.ttl("milk"))
    expect(client.set("tea", "green", ex=100), True)
    expect_time(client.ttl("tea"))
    expect(client.delete("milk", "tea"), 2)
    keys = {b"key%d" % i for i in range(200)}
    for key in keys:
        client.set(key, "here")
    expect(set(client.scan_iter(count=20)), keys)


def reconnect():
    ok(client, "PUT", "shopping", "milk", "1")
    print("restart me", flush=True)
    sys.stdin.read()
    expect(client.execute_command("GET", "shopping", "milk"), b"1")


def login():
    with redis.Redis(host, int(users_port), username=user, password=password) as client:
        ok(client, "CREATE", "shopping")


def tls():
    with redis.Redis(host, int(tls_port), ssl=True, ssl_ca_certs=ca) as client:
        ok(client, "CREATE", "shopping")


print("version", redis.__version__, flush=True)
client = redis.Redis(host, int(port))
for each in (connect, verbs, missing, binary, pipeline, typed, reconnect, login, tls):
    step(each.__name__, each)
