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
    void minimumIsATenantTopicsAndAWayToLogIn() {
        assertThat(new ConfigurationCheck(TestSettings.valid()).complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tenant=a/b                        | Not a tenant id",
                "salesforce.topics=/event/Ä        | Not a channel name",
                "history.size=0                    | must be positive",
                "history.ttl=0s                    | must be positive",
                "salesforce.client-secret=         | not 0 of them",
                "salesforce.access-token=t         | not 2 of them",
                "salesforce.login-url=             | salesforce.login-url is needed",
                "salesforce.client-id=             | salesforce.client-id is needed",
                "salesforce.client-secret= salesforce.private-key-file=k.pem | salesforce.username is needed",
                "salesforce.client-secret= salesforce.access-token=t         | salesforce.instance-url is needed"
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
