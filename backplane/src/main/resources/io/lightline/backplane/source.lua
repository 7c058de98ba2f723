-- Shared by the scripts over a channel's source; it comes in front of them. Fences are milliseconds, so numbers hold them.
-- Returns nothing when the caller may go on, else the fence in force, which is higher than the caller's.
local function fenced(key, fence)
  local in_force = redis.call('GET', key)
  if in_force and tonumber(fence) < tonumber(in_force) then
    return in_force
  end
  if fence ~= '0' and fence ~= in_force then
    redis.call('SET', key, fence)
  end
end
