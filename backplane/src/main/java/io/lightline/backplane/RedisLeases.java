package io.lightline.backplane;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The leases of groups, as keys in Redis: each claim is one script, however many names it is about. Lives on the event loop. */
final class RedisLeases {

    private final RedisCommands commands;
    private final RedisKeys keys;

    RedisLeases(RedisCommands commands, RedisKeys keys) {
        this.commands = commands;
        this.keys = keys;
    }

    Future<LeaseAnswer> claim(LeaseClaim claim) {
        var arguments = new ArrayList<Object>(
                List.of(claim.member(), claim.ttl().toMillis(), claim.wanted().size()));
        arguments.addAll(claim.wanted());
        arguments.addAll(claim.released());
        // A reader that is not heard because the others' publications fill the queue would lose all of its topics.
        return commands.runUncounted(Script.LEASES, keys.leases(claim.group()), arguments)
                .map(RedisLeases::answer);
    }

    private static LeaseAnswer answer(Response answer) {
        Response names = answer.get(0);
        Map<String, Long> held = HashMap.newHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            held.put(names.get(i).toString(), answer.get(1).get(i).toLong());
        }
        Set<String> surplus = new HashSet<>();
        answer.get(2).forEach(name -> surplus.add(name.toString()));
        return new LeaseAnswer(held, surplus, answer.get(3).toInteger() == 1);
    }
}
