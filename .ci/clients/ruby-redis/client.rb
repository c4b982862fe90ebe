# What redis-rb does with a node, a line a step.

require "redis"

HOST, PORT, USERS_PORT, USER, PASSWORD, TLS_PORT, CA = ARGV
EVERY_BYTE = (0..255).to_a.pack("C*") + "\r\n\0".b

$stdout.sync = true

def step(name)
  yield
  puts "#{name} ok"
rescue StandardError => e
  puts "#{name} failed: #{e.class} #{e.message.tr("\n", " ")}"
end

def expect(actual, expected)
  raise "#{actual.inspect} instead of #{expected.inspect}" unless actual == expected
end

def expect_time(seconds)
  raise "#{seconds} s are left of 100" unless (1..100).cover?(seconds)
end

def ok(redis, *words)
  expect(redis.call(*words), "OK")
end

puts "version #{Redis::VERSION}"
redis = Redis.new(host: HOST, port: PORT)

step("connect") { expect(redis.ping, "PONG") }

step("verbs") do
  ok(redis, "CREATE", "verbs")
  ok(redis, "PUT", "verbs", "milk", "1")
  expect(redis.call("GET", "verbs", "milk"), "1")
  expect(redis.call("SWAP", "verbs", "milk", "2"), "1")
  expect(redis.call("SIZE", "verbs"), 1)
  ok(redis, "DELETE", "verbs", "milk")
  expect(redis.call("SIZE", "verbs"), 0)
  ok(redis, "DROP", "verbs")
end

step("missing") do
  ok(redis, "CREATE", "shopping")
  expect(redis.call("GET", "shopping", "eggs"), nil)
end

step("binary") do
  ok(redis, "CREATE", EVERY_BYTE)
  ok(redis, "PUT", EVERY_BYTE, EVERY_BYTE, EVERY_BYTE)
  expect(redis.call("GET", EVERY_BYTE, EVERY_BYTE).b, EVERY_BYTE)
  expect(redis.call("TAKE", EVERY_BYTE, EVERY_BYTE).b, EVERY_BYTE)
end

step("pipeline") do
  replies = redis.pipelined do |pipe|
    500.times do |i|
      pipe.call("PUT", "shopping", "key#{i}", i)
      pipe.call("GET", "shopping", "key#{i}")
    end
  end
  expect(replies.each_slice(2).map(&:last), (0...500).map(&:to_s))
end

step("typed") do
  expect(redis.set("milk", 1), "OK")
  expect(redis.get("milk"), "1")
  expect(redis.incr("milk"), 2)
  expect(redis.mget("milk", "eggs"), ["2", nil])
  expect(redis.expire("milk", 100), true)
  expect_time(redis.ttl("milk"))
  expect(redis.set("tea", "green", ex: 100), "OK")
  expect_time(redis.ttl("tea"))
  expect(redis.del("milk", "tea"), 2)
  keys = (0...200).map { |i| "key#{i}" }
  keys.each { |key| redis.set(key, "here") }
  expect(redis.scan_each(count: 20).to_a.uniq.sort, keys.sort)
end

step("reconnect") do
  ok(redis, "PUT", "shopping", "milk", "1")
  puts "restart me"
  $stdin.read
  expect(redis.call("GET", "shopping", "milk"), "1")
end

step("login") do
  ok(Redis.new(host: HOST, port: USERS_PORT, username: USER, password: PASSWORD),
     "CREATE", "shopping")
end

step("tls") do
  ok(Redis.new(host: HOST, port: TLS_PORT, ssl: true, ssl_params: { ca_file: CA }),
     "CREATE", "shopping")
end
