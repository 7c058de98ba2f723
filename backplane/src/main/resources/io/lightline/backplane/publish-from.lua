-- Publishes the events of a source and moves the channel's checkpoint.
--   KEYS[4] checkpoint
--   KEYS[5] ids of the events that were published, by the time of their publication
--   ARGV[4] publications that the stream keeps; 0 for none
--   ARGV[5] how long it keeps them after the last one, in milliseconds
--   ARGV[6] '1' when a checkpoint is expected to be in force, else '0'
--   ARGV[7] the expected checkpoint
--   ARGV[8] the next checkpoint
--   ARGV[9] how long ids are remembered, in milliseconds
--   ARGV[10], ARGV[11], ... id and envelope of each event
-- Returns {number of publications}, or {-1, checkpoint in force} when it is not the expected one.
local checkpoint = redis.call('GET', KEYS[4])
if checkpoint and not (ARGV[6] == '1' and ARGV[7] == checkpoint) then
  return {-1, checkpoint}
end
redis.call('SET', KEYS[4], ARGV[8])

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - tonumber(ARGV[9]))
local published = 0
for i = 10, #ARGV, 2 do
  if redis.call('ZADD', KEYS[5], 'NX', now, ARGV[i]) == 1 then
    append(ARGV[i + 1], tonumber(ARGV[4]), tonumber(ARGV[5]))
    published = published + 1
  end
end
if published > 0 then
  redis.call('PEXPIRE', KEYS[5], ARGV[9])
end
return {published}
