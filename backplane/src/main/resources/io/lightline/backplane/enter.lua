-- Lists a client, and tells the listeners unless it was listed already.
--   ARGV[2], ARGV[3], ARGV[4] '1' when it is announced, else '0'; client; member
local new = list(ARGV[3], ARGV[2], ARGV[4])
live_on()
if new and ARGV[2] == '1' then
  tell('joined', ARGV[4])
end
forget_silent()
