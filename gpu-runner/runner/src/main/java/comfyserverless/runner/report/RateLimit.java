package comfyserverless.runner.report;

/// A bucket of tokens: a burst at once, then a steady rate.
final class RateLimit {
    private static final double NANOS = 1e9;

    private final double burst;
    private final double perSecond;
    private double tokens;
    private long last;

    RateLimit(int burst, double perSecond, long now) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.tokens = burst;
        this.last = now;
    }

    /// Nanoseconds until a token is there; 0 if one is.
    long untilNext(long now) {
        fill(now);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perSecond * NANOS);
    }

    /// Takes a token if there is one.
    void take(long now) {
        fill(now);
        tokens = Math.max(0, tokens - 1);
    }

    private void fill(long now) {
        tokens = Math.min(burst, tokens + (now - last) / NANOS * perSecond);
        last = now;
    }
}
