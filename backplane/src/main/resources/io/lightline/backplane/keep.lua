-- Keeps clients listed. Of one that was forgotten the listeners are told only if they believe that it has left.
--   ARGV[2] '1' when they are announced, else '0'
--   ARGV[3], ARGV[4], ... client and member of each
for i = 3, #ARGV, 2 do
  local _, parted = list(ARGV[i], ARGV[2], ARGV[i + 1])
  if parted and ARGV[2] == '1' then
    tell('joined', ARGV[i + 1])
  end
end
live_on()
