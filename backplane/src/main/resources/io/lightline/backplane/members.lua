-- Returns who is listed: '1' or '0', and the member, of each.
return redis.call('HVALS', KEYS[2])
