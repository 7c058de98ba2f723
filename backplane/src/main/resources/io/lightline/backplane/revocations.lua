-- Forgets the revocations that are over, and remembers one if asked to; else returns all.
--   KEYS[1] users by the time until which their revocation is in force
--   KEYS[2] before when their void tokens were issued, in milliseconds, by user
--   ARGV[1], ARGV[2], ARGV[3] user, and both times, of the revocation to remember; or none
-- Returns {user, issued before, until} of each.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], over)
  redis.call('HDEL', KEYS[2], over)
end
if ARGV[1] then
  local rest = tonumber(ARGV[3]) - now
  if rest > 0 then
    local known = redis.call('HGET', KEYS[2], ARGV[1])
    if not known or tonumber(known) < tonumber(ARGV[2]) then
      redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
    end
    redis.call('ZADD', KEYS[1], 'GT', ARGV[3], ARGV[1])
    for i = 1, 2 do
      if redis.call('PTTL', KEYS[i]) < rest then
        redis.call('PEXPIRE', KEYS[i], rest)
      end
    end
  end
  return {}
end
local all = {}
local users = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #users, 2 do
  local issued_before = redis.call('HGET', KEYS[2], users[i])
  if issued_before then
    all[#all + 1] = {users[i], issued_before, string.format('%.0f', users[i + 1])}
  end
end
return all
