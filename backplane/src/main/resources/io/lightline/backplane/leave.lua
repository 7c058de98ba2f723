-- Takes a client off the list, and tells the listeners if it was listed.
--   ARGV[2], ARGV[3], ARGV[4] '1' when it is announced, else '0'; client; member
local known = redis.call('HGET', KEYS[2], ARGV[3])
redis.call('ZREM', KEYS[4], ARGV[3])
if known then
  unlist(ARGV[3], known)
  if ARGV[2] == '1' then
    tell('left', ARGV[4])
  end
end
forget_silent()
