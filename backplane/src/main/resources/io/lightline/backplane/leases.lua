-- Shares the leases of a group among its members; InMemoryLeases says the same in Java.
--   KEYS[1] members  by the time at which they have been silent for too long
--   KEYS[2] wanted   JSON array of the names that it wants, by member
--   KEYS[3] holders  fence, a space and the member, by name
--   KEYS[4] fence    the last one that was given
--   ARGV[1], ARGV[2] caller; how long it lives from now on, in milliseconds
--   ARGV[3] number of names that it wants
--   ARGV[4], ... these names, then those that it releases
-- Returns {names that the caller holds, their fences, those of the names that are surplus, 1 if no lease was ever given before}.
local caller, ttl, wants = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function leave(member)
  redis.call('ZREM', KEYS[1], member)
  redis.call('HDEL', KEYS[2], member)
end

for _, silent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  leave(silent)
end
local keeps = {}
if wants == 0 then
  leave(caller)
else
  local names = {}
  for i = 4, 3 + wants do
    names[#names + 1] = ARGV[i]
    keeps[ARGV[i]] = true
  end
  redis.call('ZADD', KEYS[1], now + ttl, caller)
  redis.call('HSET', KEYS[2], caller, cjson.encode(names))
end
for i = 4 + wants, #ARGV do
  keeps[ARGV[i]] = nil
end

-- Who lives, who wants what, and how much each holds or will when it claims: in an order that is the same for every caller.
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(members)
local counts, names, takers = {}, {}, {}
for _, member in ipairs(members) do
  counts[member] = 0
  for _, name in ipairs(cjson.decode(redis.call('HGET', KEYS[2], member) or '[]')) do
    if not takers[name] then
      takers[name] = {}
      names[#names + 1] = name
    end
    table.insert(takers[name], member)
  end
end
table.sort(names)

local holder, fence = {}, {}
local leases = redis.call('HGETALL', KEYS[3])
for i = 1, #leases, 2 do
  local name = leases[i]
  local its_fence, its_holder = leases[i + 1]:match('^(%d+) (.*)$')
  if not counts[its_holder] or (its_holder == caller and not keeps[name]) then
    redis.call('HDEL', KEYS[3], name)
  else
    holder[name], fence[name] = its_holder, its_fence
    counts[its_holder] = counts[its_holder] + 1
  end
end

-- Of those who want it, the one with the fewest.
local function poorest(name)
  local found
  for _, member in ipairs(takers[name]) do
    if not found or counts[member] < counts[found] then
      found = member
    end
  end
  return found
end

local held, first = {}, 0
for _, member in ipairs(members) do
  held[member] = {}
end
local granted = {}
for _, name in ipairs(names) do
  if holder[name] then
    table.insert(held[holder[name]], name)
  else
    local taker = poorest(name)
    counts[taker] = counts[taker] + 1
    if taker == caller then
      granted[#granted + 1] = name
    end
  end
end
if #granted > 0 then
  -- Also when the last one was lost, this one is higher: no more than one is given in a millisecond for long.
  local known = redis.call('GET', KEYS[4])
  first = known and 0 or 1
  local last = tonumber(known or '0')
  local new = string.format('%.0f', math.max(last + 1, now))
  redis.call('SET', KEYS[4], new)
  for _, name in ipairs(granted) do
    redis.call('HSET', KEYS[3], name, new .. ' ' .. caller)
    holder[name], fence[name] = caller, new
  end
end

-- From the richest on, each gives to whoever has at least two fewer, until nobody can.
local surplus = {}
local willing = {unpack(members)}
local function richest()
  local found
  for at, member in ipairs(willing) do
    if not found or counts[member] > counts[willing[found]] then
      found = at
    end
  end
  return found
end
local function gives(giver)
  for at, name in ipairs(held[giver]) do
    local taker = poorest(name)
    if counts[taker] + 2 <= counts[giver] then
      counts[taker] = counts[taker] + 1
      counts[giver] = counts[giver] - 1
      table.remove(held[giver], at)
      if giver == caller then
        surplus[#surplus + 1] = name
      end
      return true
    end
  end
  return false
end
while #willing > 0 do
  local at = richest()
  if not gives(willing[at]) then
    table.remove(willing, at)
  end
end

for i = 1, 3 do
  if redis.call('PTTL', KEYS[i]) < 2 * ttl then
    redis.call('PEXPIRE', KEYS[i], 2 * ttl)
  end
end
local own, fences = {}, {}
for _, name in ipairs(names) do
  if holder[name] == caller then
    own[#own + 1] = name
    fences[#fences + 1] = fence[name]
  end
end
return {own, fences, surplus, first}
