package comfyserverless.contract.event;

/// A bucket of tokens: a burst at once, then a steady rate. For one thread.
public final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double burst;
    private final double perSecond;
    private double tokens;
    private long last;

    /// A full bucket.
    ///
    /// @param now the monotonic time in nanoseconds, as in all its methods
    public TokenBucket(int burst, double perSecond, long now) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.tokens = burst;
        this.last = now;
    }

    /// Nanoseconds until a token is there; 0 if one is.
    public long untilNext(long now) {
        fill(now);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perSecond * NANOS);
    }

    /// Takes a token; false, and nothing taken, if there is none.
    public boolean take(long now) {
        if (untilNext(now) > 0) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /// Takes a token, or what is left of one: for what goes out in any case.
    public void spend(long now) {
        fill(now);
        tokens = Math.max(0, tokens - 1);
    }

    private void fill(long now) {
        if (now > last) {
            tokens = Math.min(burst, tokens + (now - last) / NANOS * perSecond);
            last = now;
        }
    }
}
