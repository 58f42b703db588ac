package comfyserverless.runner.report;

import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Missed;
import comfyserverless.contract.event.Replay;
import comfyserverless.contract.job.Claim;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is left to do at the end of a run whose client has not heard everything: wait a moment for a
/// socket that is being greeted, else note that the client missed the end.
final class Farewell {
    /// The greeter gives up after so long.
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

    private final Audience audience;
    private final Delivery delivery;
    private final Missed missed;
    private final Replay replay;
    private final Claim claim;
    private final LongSupplier nanos;
    private @Nullable Long since;

    /// How those who were away are told.
    record Away(Missed missed, Replay replay) {}

    Farewell(Audience audience, Delivery delivery, Away away, Claim claim, LongSupplier nanos) {
        this.audience = audience;
        this.delivery = delivery;
        this.missed = away.missed();
        this.replay = away.replay();
        this.claim = claim;
        this.nanos = nanos;
    }

    /// Whether nothing is left to do; to be asked again in a moment if not.
    boolean isSaid() {
        String clientId = claim.clientId();
        if (clientId == null || delivery.isUpToDate()) {
            return true;
        }
        audience.refresh();
        delivery.catchUp();
        if (delivery.isUpToDate()) {
            return true;
        }
        long now = nanos.getAsLong();
        Long began = since == null ? (Long) now : since;
        since = began;
        if (audience.awaitsGreeting() && now - began < PATIENCE) {
            return false;
        }
        note(clientId);
        return true;
    }

    /// A socket that was greeted between the look and the note may have asked for notes before this one
    /// was there: then it is told from here. Whoever takes the note tells.
    private void note(String clientId) {
        try {
            missed.add(claim.key().tenant(), clientId, claim.key().promptId());
            audience.refresh();
            Connection back = audience.reachable();
            if (back != null) {
                replay.to(back);
            }
        } catch (UncheckedIOException e) {
            LOG.warn("cannot note that {} missed the end of {}", clientId, claim.key(), e);
        }
    }
}
