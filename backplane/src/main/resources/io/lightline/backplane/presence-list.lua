-- Removes some of those who were silent for too long, and lists the others unless they are too many.
--   ARGV[2] clients at most
-- Returns {number of clients, how many of them are silent, members}; no members when they are too many, or some are silent.
forget_silent()
local clients = redis.call('HLEN', KEYS[2])
local silent = redis.call('ZCOUNT', KEYS[1], '-inf', now)
if silent > 0 or clients > tonumber(ARGV[2]) then
  return {clients, silent, {}}
end
return {clients, silent, redis.call('HVALS', KEYS[2])}
