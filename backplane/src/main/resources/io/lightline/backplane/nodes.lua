-- Forgets the pods that fell silent, announces one if asked to, and returns what all say of themselves.
--   KEYS[1] ids by the time at which they are forgotten
--   KEYS[2] what each says of itself, by id
--   ARGV[1], ARGV[2], ARGV[3] id, time to live in milliseconds, and text of the pod to announce; or none
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
for _, silent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], silent)
  redis.call('HDEL', KEYS[2], silent)
end
if ARGV[1] then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
end
return redis.call('HVALS', KEYS[2])
