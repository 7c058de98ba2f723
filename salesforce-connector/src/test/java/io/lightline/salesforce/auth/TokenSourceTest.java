package io.lightline.salesforce.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSourceTest {

    private final Queue<Runnable> logins = new ArrayDeque<>();
    private int count;
    private boolean refused;
    private Instant now = Instant.EPOCH;
    private final TokenSource tokens = new TokenSource(this::login, Duration.ofMinutes(30), () -> now, logins::add);

    @Test
    void manyWhoAskAtOnceShareOneLogin() {
        // given
        CompletionStage<Token> first = tokens.token();
        CompletionStage<Token> second = tokens.token();

        // when
        runLogins();

        // then
        assertThat(first).isCompletedWithValue(token(1));
        assertThat(second).isCompletedWithValue(token(1));
        assertThat(tokens.token()).isCompletedWithValue(token(1));
    }

    @Test
    void tokenIsRenewedAfterItsTime() {
        // given
        ask();

        // when
        now = now.plus(Duration.ofMinutes(31));

        // then
        assertThat(ask()).isCompletedWithValue(token(2));
    }

    @Test
    void refusedTokenIsReplaced() {
        // given
        ask();

        // when
        tokens.invalidate(token(1));

        // then
        assertThat(ask()).isCompletedWithValue(token(2));
    }

    @Test
    void lateRefusalOfAnOldTokenDoesNotDropTheNewOne() {
        // given
        ask();
        tokens.invalidate(token(1));
        ask();

        // when
        tokens.invalidate(token(1));

        // then
        assertThat(ask()).isCompletedWithValue(token(2));
    }

    @Test
    void failedLoginIsNotRemembered() {
        // given
        refused = true;
        CompletionStage<Token> failed = ask();

        // when
        refused = false;

        // then
        assertThat(failed).isCompletedExceptionally();
        assertThat(ask()).isCompletedWithValue(token(1));
    }

    @Test
    void tokenDoesNotShowItsSecret() {
        assertThat(token(1).toString()).doesNotContain("secret-");
        assertThat(new Credentials.Secret.Literal("secret-1").toString()).doesNotContain("secret-");
    }

    @ParameterizedTest
    @CsvSource({
        "00D000000000001, 00D000000000001EAA",
        "00DLL0000000001, 00DLL00000000012AA",
        "00DaBcDeFgHiJkL, 00DaBcDeFgHiJkLUKV",
        "00D000000000001EAA, 00D000000000001EAA"
    })
    void shortIdOfAnOrgIsCompleted(String given, String used) {
        assertThat(new Token("t", URI.create("https://org.example"), given).tenantId())
                .isEqualTo(used);
    }

    private CompletionStage<Token> ask() {
        CompletionStage<Token> asked = tokens.token();
        runLogins();
        return asked;
    }

    private void runLogins() {
        while (!logins.isEmpty()) {
            logins.remove().run();
        }
    }

    private Token login() {
        if (refused) {
            throw new LoginFailedException("no", true);
        }
        count++;
        return token(count);
    }

    private static Token token(int number) {
        return new Token("secret-" + number, URI.create("https://org.example"), "00D000000000001EAA");
    }
}
