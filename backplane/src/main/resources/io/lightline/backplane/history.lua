-- Reads a slice of the stream and its position.
--   ARGV[4] publications at most
--   ARGV[5] '1' newest first, '0' oldest first
--   ARGV[6] offset after (newest first: before) which to read; '' for the whole stream
-- Returns {top offset, epoch, entries}.
local epoch = current_epoch()
-- Not at every reading: it is a write, which replicas and the append-only file would have to follow.
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) * 0.9 then
  remember_for(tonumber(ARGV[3]))
end
local entries = {}
if ARGV[4] ~= '0' then
  local since = ARGV[6] ~= '' and '(' .. ARGV[6] .. '-0'
  if ARGV[5] == '0' then
    entries = redis.call('XRANGE', KEYS[2], since or '-', '+', 'COUNT', ARGV[4])
  elseif since ~= '(0-0' then
    -- Redis refuses an interval that ends before the first possible entry.
    entries = redis.call('XREVRANGE', KEYS[2], since or '+', '-', 'COUNT', ARGV[4])
  end
end
return {tonumber(redis.call('HGET', KEYS[1], 'offset')), epoch, entries}
