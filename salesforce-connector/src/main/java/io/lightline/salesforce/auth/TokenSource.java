package io.lightline.salesforce.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one token of a connector: got when first needed, kept for a while, dropped when Salesforce refuses it. However many ask
 * at once, there is one login. May be called from any thread; never blocks: logins run on threads of their own.
 *
 * <p>Salesforce does not say how long a token lives (a session's timeout, two hours by default, counts from its last use), so
 * it is renewed after a time of ours, long before that.
 */
public final class TokenSource {

    private final Login login;
    private final Duration life;
    private final InstantSource clock;
    private final Executor executor;
    private @Nullable CompletableFuture<Token> current;
    private Instant renewal = Instant.MIN;

    public TokenSource(Login login, Duration life) {
        this(
                login,
                life,
                InstantSource.system(),
                task -> Thread.ofVirtual().name("salesforce-login").start(task));
    }

    TokenSource(Login login, Duration life, InstantSource clock, Executor executor) {
        this.login = login;
        this.life = life;
        this.clock = clock;
        this.executor = executor;
    }

    /** A token that is good as far as we know. Fails with {@link LoginFailedException}; the next call tries again. */
    public synchronized CompletionStage<Token> token() {
        CompletableFuture<Token> known = current;
        if (known == null || known.isCompletedExceptionally() || clock.instant().isAfter(renewal)) {
            known = CompletableFuture.supplyAsync(login::login, executor);
            renewal = clock.instant().plus(life);
            current = known;
        }
        return known.minimalCompletionStage();
    }

    /** Salesforce refused it: the next call logs in anew, unless somebody has done so already. */
    public synchronized void invalidate(Token refused) {
        if (current != null
                && current.isDone()
                && !current.isCompletedExceptionally()
                && current.join().equals(refused)) {
            current = null;
        }
    }
}
