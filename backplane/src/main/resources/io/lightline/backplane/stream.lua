-- Shared by the scripts that follow; it comes in front of them.
--   KEYS[1] meta    epoch, run and offset of the channel's stream
--   KEYS[2] stream  entry <offset>-0 holds the envelope of a publication
--   KEYS[3] key of the channel's publications (pub/sub)
--   ARGV[1] run id of this server process, or '' when it is known to keep every acknowledged write
--   ARGV[2] name of the epoch that begins if there is none
--   ARGV[3] how long the position is remembered once there was a publication, in milliseconds

-- A stream begins anew when its meta was evicted, or when another server process took over: that one may have come
-- back with less than was acknowledged, and would then give offsets a second time.
local function current_epoch()
  local meta = redis.call('HMGET', KEYS[1], 'epoch', 'run')
  if meta[1] and (ARGV[1] == '' or meta[2] == ARGV[1]) then
    return meta[1]
  end
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'run', ARGV[1], 'offset', 0)
  return ARGV[2]
end

local function remember_for(milliseconds)
  if redis.call('PTTL', KEYS[1]) < milliseconds then
    redis.call('PEXPIRE', KEYS[1], milliseconds)
  end
end

-- Returns the offset and the epoch of the new publication; 0 and '' when the channel keeps none.
local function append(envelope, size, ttl)
  if size == 0 then
    redis.call('PUBLISH', KEYS[3], '0  ' .. envelope)
    return 0, ''
  end
  local epoch = current_epoch()
  local offset = redis.call('HINCRBY', KEYS[1], 'offset', 1)
  -- Lua would write 1e+14.
  local at = string.format('%.0f', offset)
  redis.call('XADD', KEYS[2], 'MAXLEN', size, at .. '-0', 'e', envelope)
  redis.call('PEXPIRE', KEYS[2], ttl)
  remember_for(math.max(tonumber(ARGV[3]), ttl))
  redis.call('PUBLISH', KEYS[3], at .. ' ' .. epoch .. ' ' .. envelope)
  return offset, epoch
end
