package io.lightline.salesforce.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.salesforce.SetupGuide;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/salesforce-setup.md} lists refusals for which the code has an advice, and says whether they pass. */
class LoginRefusalDocTest {

    /** Each error with each of its descriptions. */
    static Stream<List<String>> refusals() {
        return SetupGuide.table("Error", "Description").stream()
                .flatMap(row -> row.codes("Error").stream()
                        .flatMap(error -> Stream.of(row.cell("Description").split("; "))
                                .map(description -> List.of(error, description, row.cell("The publisher")))));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalIsAnsweredAsThePageSays(List<String> refusal) {
        // given
        String body = "{\"error\":\"" + refusal.get(0) + "\",\"error_description\":\"" + refusal.get(1) + "\"}";

        // when
        var failure = LoginRefusal.of(URI.create("https://acme.my.salesforce.com"), 400, body)
                .failure();

        // then
        assertThat(failure.passing() ? "tries again" : "waits for you").isEqualTo(refusal.get(2));
        assertThat(failure).hasMessageContaining(refusal.get(0)).message().doesNotContain("login history");
    }
}
