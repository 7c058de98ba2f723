-- Removes some of those who were silent for too long, and counts.
-- Returns {number of clients, number of users, how many of the clients are silent}.
forget_silent()
return {redis.call('ZCARD', KEYS[1]), redis.call('HLEN', KEYS[3]), redis.call('ZCOUNT', KEYS[1], '-inf', now)}
