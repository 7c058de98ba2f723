-- Publishes one message.
--   KEYS[4] answer to an earlier publication with the same idempotency key; left out when there is no such key
--   ARGV[4] publications that the stream keeps; 0 for none
--   ARGV[5] how long it keeps them after the last one, in milliseconds
--   ARGV[6] envelope
--   ARGV[7] how long the answer is remembered, in milliseconds
-- Returns {offset, epoch}.
if KEYS[4] then
  local answered = redis.call('HMGET', KEYS[4], 'offset', 'epoch')
  if answered[1] then
    return {tonumber(answered[1]), answered[2]}
  end
end
local offset, epoch = append(ARGV[6], tonumber(ARGV[4]), tonumber(ARGV[5]))
if KEYS[4] then
  redis.call('HSET', KEYS[4], 'offset', string.format('%.0f', offset), 'epoch', epoch)
  redis.call('PEXPIRE', KEYS[4], ARGV[7])
end
return {offset, epoch}
