package comfyserverless.handlers.security;

import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.event.TokenBucket;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How many requests of each tenant are answered. Each instance of the function counts for itself, so that
/// no request costs a call for it: a tenant that keeps several instances busy may send as many times more.
public final class RequestRates {
    private static final int MOST = 10_000;

    /// A sixth of a minute's requests may come at once.
    private static final int BURST_PART = 6;

    private static final double SECONDS = 60;

    private final Accounts accounts;
    private final LongSupplier nanos;
    private final Map<String, Rate> rates = new ConcurrentHashMap<>();

    /// A tenant's bucket, made for one limit.
    private record Rate(long perMinute, TokenBucket bucket) {}

    /// Nobody has asked yet.
    ///
    /// @param nanos a clock that only goes forward
    public RequestRates(Accounts accounts, LongSupplier nanos) {
        this.accounts = accounts;
        this.nanos = nanos;
    }

    /// Counts a request.
    ///
    /// @throws LimitReached if the tenant has sent too many
    public void take(String tenant) {
        OptionalLong most = accounts.limits(tenant).find(Limit.REQUESTS);
        if (most.isEmpty()) {
            return;
        }
        long perMinute = most.getAsLong();
        if (perMinute == 0) {
            throw new LimitReached(Limit.REQUESTS, 0, Duration.ofMinutes(1));
        }
        if (rates.size() > MOST) {
            rates.clear();
        }
        Rate rate =
                rates.compute(
                        tenant,
                        (_, old) ->
                                old == null || old.perMinute() != perMinute
                                        ? new Rate(perMinute, bucket(perMinute))
                                        : old);
        synchronized (rate) {
            if (!rate.bucket().take(nanos.getAsLong())) {
                Duration wait = Duration.ofNanos(rate.bucket().untilNext(nanos.getAsLong()));
                throw new LimitReached(Limit.REQUESTS, perMinute, wait.plusMillis(999));
            }
        }
    }

    private TokenBucket bucket(long perMinute) {
        int burst = Math.clamp((perMinute + BURST_PART - 1) / BURST_PART, 1, 1_000_000);
        return new TokenBucket(burst, perMinute / SECONDS, nanos.getAsLong());
    }
}
