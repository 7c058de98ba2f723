package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.relay.tenant.TokenRefusedException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecurityDocTest {

    private static final Pattern REFUSAL = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\d{4}) \\|");

    @Test
    void everyReasonToRefuseATokenIsListedWithItsCode() throws IOException {
        // when
        List<MatchResult> rows = REFUSAL.matcher(Files.readString(Path.of("..", "docs", "security.md")))
                .results()
                .toList();

        // then
        assertThat(rows)
                .extracting(row -> row.group(1) + " " + row.group(2))
                .containsExactlyElementsOf(Stream.of(Reason.values())
                        .map(reason -> reason.name().toLowerCase(Locale.ROOT) + " "
                                + reason.closeCode().code())
                        .toList());
    }
}
