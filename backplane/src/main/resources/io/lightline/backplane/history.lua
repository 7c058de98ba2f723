-- Reads a slice of the stream and its position.
--   ARGV[4] publications at most
--   ARGV[5] '1' newest first, '0' oldest first
--   ARGV[6] offset after (newest first: before) which to read; '' for the whole stream
--   ARGV[7] bytes of envelopes at most, but one publication at least
-- Returns {top offset, epoch, entries}.

-- Of a channel that nobody has published to; whoever may read can name any number of those. Feeds read more often.
local UNWRITTEN_MEMORY = 10 * 60 * 1000

local epoch = current_epoch()
local top = tonumber(redis.call('HGET', KEYS[1], 'offset'))
local memory = tonumber(ARGV[3])
if top == 0 then
  memory = math.min(memory, UNWRITTEN_MEMORY)
end
-- Not at every reading: it is a write, which replicas and the append-only file would have to follow.
if redis.call('PTTL', KEYS[1]) < memory * 0.9 then
  remember_for(memory)
end

-- So much more than the bytes that are wanted is held at once, at most.
local CHUNK = 16

-- The bound is an interval's, as Redis writes it.
local function chunk(bound, count)
  if ARGV[5] == '0' then
    return redis.call('XRANGE', KEYS[2], bound or '-', '+', 'COUNT', count)
  elseif bound == '(0-0' then
    -- Redis refuses an interval that ends before the first possible entry.
    return {}
  end
  return redis.call('XREVRANGE', KEYS[2], bound or '+', '-', 'COUNT', count)
end

local function slice()
  local entries = {}
  local bound = ARGV[6] ~= '' and '(' .. ARGV[6] .. '-0'
  local left = tonumber(ARGV[4])
  local room = tonumber(ARGV[7])
  while left > 0 do
    local count = math.min(left, CHUNK)
    local read = chunk(bound, count)
    for _, entry in ipairs(read) do
      room = room - #entry[2][2]
      if room < 0 and #entries > 0 then
        return entries
      end
      entries[#entries + 1] = entry
      bound = '(' .. entry[1]
    end
    left = #read < count and 0 or left - count
  end
  return entries
end

return {top, epoch, slice()}
