-- Shared by the scripts that follow; it comes in front of them. Who is on a channel, until its pod falls silent.
--   KEYS[1] until    clients by the time at which they have been silent for too long
--   KEYS[2] members  '1' when it is announced, else '0', and the member, by client
--   KEYS[3] users    number of clients, by user
--   KEYS[4] parted   clients that were silent and of whom the listeners were told, by the time at which that is forgotten
--   KEYS[5] key of the channel's publications (pub/sub)
--   ARGV[1] how long a client may be silent, in milliseconds

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local ttl = tonumber(ARGV[1])
local PARTED_MEMORY = 60 * 60 * 1000
-- Others wait meanwhile: some milliseconds.
local FORGOTTEN_AT_ONCE = 500

-- One of them was evicted: the others say nothing true without it. The pods will list their clients anew.
if redis.call('EXISTS', KEYS[1], KEYS[2], KEYS[3]) < 3 then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
end

local function live_for(key, milliseconds)
  if redis.call('PTTL', key) < milliseconds then
    redis.call('PEXPIRE', key, milliseconds)
  end
end

local function tell(event, member)
  redis.call('PUBLISH', KEYS[5], event .. ' ' .. member)
end

local function unlist(client, known)
  redis.call('ZREM', KEYS[1], client)
  redis.call('HDEL', KEYS[2], client)
  -- After the flag and the version comes the user: its length in two bytes, big-endian, and its text.
  local user = struct.unpack('>I2c0', known, 3)
  if redis.call('HINCRBY', KEYS[3], user, -1) <= 0 then
    redis.call('HDEL', KEYS[3], user)
  end
end

-- Returns whether it was not listed before, and whether the listeners were told that it had left.
local function list(client, announced, member)
  local entry = announced .. member
  local known = redis.call('HGET', KEYS[2], client)
  if known ~= entry then
    if known then
      unlist(client, known)
    end
    redis.call('HSET', KEYS[2], client, entry)
    redis.call('HINCRBY', KEYS[3], struct.unpack('>I2c0', member, 2), 1)
  end
  redis.call('ZADD', KEYS[1], now + ttl, client)
  return not known, redis.call('ZREM', KEYS[4], client) == 1
end

-- Longer than the last client may be silent, so that somebody has the time to tell of it.
local function live_on()
  for i = 1, 3 do
    live_for(KEYS[i], 2 * ttl)
  end
end

-- Removes some of those who were silent for too long, and tells the listeners. To be called after the caller's own have been
-- listed: they may be among them.
local function forget_silent()
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now)
  local silent = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, FORGOTTEN_AT_ONCE)
  for _, client in ipairs(silent) do
    local known = redis.call('HGET', KEYS[2], client)
    unlist(client, known)
    if known:sub(1, 1) == '1' then
      redis.call('ZADD', KEYS[4], now + PARTED_MEMORY, client)
      live_for(KEYS[4], PARTED_MEMORY)
      tell('left', known:sub(2))
    end
  end
end
