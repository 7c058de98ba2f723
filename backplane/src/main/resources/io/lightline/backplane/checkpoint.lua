-- Reads the checkpoint for whoever is about to read the source from there, and shuts out those with a lower fence.
--   KEYS[1] checkpoint
--   KEYS[2] fence
--   ARGV[1] fence of the caller
-- Returns {0, checkpoint in force or nil}, or {-2, fence in force} when it is higher.
local in_force = fenced(KEYS[2], ARGV[1])
if in_force then
  return {-2, in_force}
end
return {0, redis.call('GET', KEYS[1])}
