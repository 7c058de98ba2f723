-- Publishes the events of a source and moves the channel's checkpoint.
--   KEYS[4] checkpoint
--   KEYS[5] fence
--   KEYS[6] ids of the events that were published, by the time of their publication
--   ARGV[4] publications that the stream keeps; 0 for none
--   ARGV[5] how long it keeps them after the last one, in milliseconds
--   ARGV[6] fence of the caller
--   ARGV[7] '1' and the expected checkpoint, or '0' when there must be none
--   ARGV[8] '1' and the next checkpoint, or '0' when it stays
--   ARGV[9] how long ids are remembered, in milliseconds
--   ARGV[10], ARGV[11], ... id and envelope of each event
-- Returns {number of publications, id of each event that was known}; {-1, checkpoint in force or nil} when it is not the
-- expected one; {-2, fence in force} when it is higher.
local in_force = fenced(KEYS[5], ARGV[6])
if in_force then
  return {-2, in_force}
end
local checkpoint = redis.call('GET', KEYS[4])
if ARGV[7] ~= (checkpoint and '1' .. checkpoint or '0') then
  return {-1, checkpoint}
end
if ARGV[8] ~= '0' then
  redis.call('SET', KEYS[4], ARGV[8]:sub(2))
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now - tonumber(ARGV[9]))
local published = 0
local answer = {0}
for i = 10, #ARGV, 2 do
  if redis.call('ZADD', KEYS[6], 'NX', now, ARGV[i]) == 1 then
    append(ARGV[i + 1], tonumber(ARGV[4]), tonumber(ARGV[5]))
    published = published + 1
  else
    answer[#answer + 1] = ARGV[i]
  end
end
if published > 0 then
  redis.call('PEXPIRE', KEYS[6], ARGV[9])
end
answer[1] = published
return answer
