package io.lightline.publisher.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.publisher.TestSettings;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationCheckTest {

    @Test
    void minimumIsAnOrgWithTopicsAndAWayToLogIn() {
        assertThat(new ConfigurationCheck(TestSettings.valid()).complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orgs.acme.tenant=a/b                   | orgs.acme.tenant: Not a tenant id",
                "orgs.acme.topics=Order__e              | orgs.acme.topics: not a topic",
                "orgs.acme.topics=/event/Ä              | Not a channel name",
                "orgs.acme.initial-replay=oldest        | orgs.acme.initial-replay is one of [earliest, latest]",
                "orgs.acme.on-lost-position=stop        | orgs.acme.on-lost-position is one of [earliest, halt, latest]",
                "orgs.acme.window=101                   | orgs.acme.window is 1 to 100, not 101",
                "orgs.acme.overrides./event/No__e.window=5     | orgs.acme.overrides: no such topic",
                "orgs.acme.overrides./event/Order__e.window=0  | .overrides.\"/event/Order__e\".window is 1 to 100",
                "orgs.acme.retry-delay=2m               | orgs.acme.retry-delay must be positive",
                "orgs.acme.store-timeout=0s             | .store-timeout and .token-ttl must be positive",
                "history.size=0                         | must be positive",
                "history.ttl=0s                         | must be positive",
                "lease.interval=5s                      | lease.interval must be positive and a third of",
                "lease.group=a/b                        | lease.group: not a name",
                "reload-interval=0s                     | reload-interval must be positive",
                "orgs.acme.client-secret=               | not 0 of them",
                "orgs.acme.access-token=t               | not 2 of them",
                "orgs.acme.login-url=                   | orgs.acme.login-url is needed",
                "orgs.acme.login-url=acme               | orgs.acme.login-url is not an http(s) URL",
                "orgs.acme.client-id=                   | orgs.acme.client-id is needed",
                "orgs.acme.client-secret= orgs.acme.private-key-file=k.pem | orgs.acme.username is needed",
                "orgs.acme.client-secret= orgs.acme.access-token=t orgs.acme.tenant-id=00D | orgs.acme.instance-url is needed"
            })
    void contradictionIsOneComplaint(String changes, String complaint) {
        // given
        Map<String, String> values = Arrays.stream(changes.split(" ", -1))
                .map(change -> change.split("=", 2))
                .collect(Collectors.toMap(change -> change[0], change -> change[1]));

        // when
        var complaints = new ConfigurationCheck(TestSettings.with(values)).complaints();

        // then
        assertThat(complaints).singleElement().asString().contains(complaint).doesNotContain("\n");
    }
}
