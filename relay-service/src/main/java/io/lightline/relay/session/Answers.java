package io.lightline.relay.session;

import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.TooManyMembersException;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.protocol.ServerFrame;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.TokenRefusedException;
import io.smallrye.mutiny.Uni;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The answers to a client's commands: each gets one, a reply or a refusal with its reason, unless the connection is closed
 * first. On the connection's event loop only; never blocks.
 */
final class Answers {

    private static final Logger LOG = Logger.getLogger(Answers.class);

    private final Session session;
    private final SessionServices services;
    private final InFlight inFlight;

    Answers(Session session, SessionServices services, InFlight inFlight) {
        this.session = session;
        this.services = services;
        this.inFlight = inFlight;
    }

    void reply(long request, Reply reply) {
        if (request != 0 && !session.isClosed()) {
            ServerFrame frame = session.encoding().codec().encode(request, reply);
            session.unlessSlow(session.outbox().answer(frame));
            frame.release();
        }
    }

    /** Replies when the backplane has answered. */
    <T> void replyWith(long request, Uni<T> work, Function<T, Reply> reply) {
        inFlight.await(work, item -> answer(request, reply.apply(item)), failure -> refuse(request, failure));
    }

    /** As {@link #replyWith}, with an answer that may be large. */
    <T> void replyWithMuch(long request, Uni<T> work, Function<T, Reply> reply) {
        inFlight.awaitHeavy(work, item -> answer(request, reply.apply(item)), failure -> refuse(request, failure));
    }

    private void answer(long request, Reply reply) {
        if (reply instanceof Reply.Failed(var code, var _)) {
            refuse(request, code);
        } else {
            reply(request, reply);
        }
    }

    void refuse(long request, ErrorCode code) {
        refuse(request, code, "");
    }

    void refuse(long request, ErrorCode code, String detail) {
        services.metrics().refused(code);
        String message = detail.isEmpty() ? code.message() : code.message() + ": " + detail;
        reply(request, new Reply.Failed(code, message));
    }

    /** Something that the command needs has failed. */
    void refuse(long request, Throwable failure) {
        switch (failure) {
            case TooManyMembersException tooMany ->
                refuse(request, ErrorCode.LIMIT_EXCEEDED, String.valueOf(tooMany.getMessage()));
            case BackplaneUnavailableException unavailable -> {
                LOG.debugf("Backplane unavailable sessionId=%s: %s", session.id(), unavailable.getMessage());
                refuse(request, ErrorCode.INTERNAL);
            }
            default -> {
                LOG.errorf(failure, "A command failed sessionId=%s", session.id());
                refuse(request, ErrorCode.INTERNAL);
            }
        }
    }

    /** Goes on with what is granted, and refuses the rest. */
    void ifGranted(long request, Verdict verdict, Consumer<Verdict.Granted> onGranted) {
        switch (verdict) {
            case Verdict.Granted granted -> onGranted.accept(granted);
            case Verdict.Unknown _ -> refuse(request, ErrorCode.UNKNOWN_CHANNEL);
            case Verdict.Denied _ -> refuse(request, ErrorCode.PERMISSION_DENIED);
            case Verdict.NotAvailable _ -> refuse(request, ErrorCode.NOT_AVAILABLE);
        }
    }

    /** A subscription's token is no good. The connection stays: only this subscription has no right. */
    void subscriptionTokenRefused(long request, Throwable failure) {
        tokenRefused(request, failure, code -> refuse(request, ErrorCode.PERMISSION_DENIED, code.reason()));
    }

    /** The connection's token is no good. It ends, unless another token can mend that. */
    void tokenRefused(long request, Throwable failure) {
        tokenRefused(request, failure, session::close);
    }

    /** @param onRefusal what else to do about a token that no new one can mend */
    private void tokenRefused(long request, Throwable failure, Consumer<CloseCode> onRefusal) {
        if (!(failure instanceof TokenRefusedException refused)) {
            refuse(request, failure);
            return;
        }
        LOG.debugf("Token refused sessionId=%s: %s", session.id(), refused.getMessage());
        switch (refused.reason()) {
            case EXPIRED -> refuse(request, ErrorCode.TOKEN_EXPIRED);
            case UNAVAILABLE -> refuse(request, ErrorCode.INTERNAL, "the token's keys are out of reach");
            case MISSING,
                    MALFORMED,
                    NOT_YET_VALID,
                    UNKNOWN_ISSUER,
                    BAD_SIGNATURE,
                    ALGORITHM,
                    WRONG_AUDIENCE,
                    WRONG_SUBSCRIPTION,
                    REVOKED,
                    FOREIGN_ORIGIN -> onRefusal.accept(refused.reason().closeCode());
        }
    }
}
