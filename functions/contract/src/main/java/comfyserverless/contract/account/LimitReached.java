package comfyserverless.contract.account;

import java.time.Duration;

/// A tenant has as much of something as it may have; nothing was changed. Its message says which limit
/// it is, its value and what to do.
public final class LimitReached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Limit limit;
    private final long value;
    private final Duration retryAfter;

    public LimitReached(Limit limit, long value, Duration retryAfter) {
        super(sentence(limit, value));
        this.limit = limit;
        this.value = value;
        this.retryAfter = retryAfter;
    }

    public Limit limit() {
        return limit;
    }

    public long value() {
        return value;
    }

    /// When it may be worth trying again.
    public Duration retryAfter() {
        return retryAfter;
    }

    private static String sentence(Limit limit, long value) {
        return switch (limit) {
            case PENDING ->
                    "At most "
                            + value
                            + " prompts of yours may wait at once: try again when some have"
                            + " started, or delete some from the queue";
            case RUNNING -> "At most " + value + " prompts of yours may run at once";
            case REQUESTS ->
                    "At most "
                            + value
                            + " requests a minute are answered: send fewer, and wait after this"
                            + " answer as long as Retry-After says";
            case GPU_SECONDS ->
                    "Today's "
                            + value
                            + " seconds of runners are used up: try again tomorrow (UTC), or ask"
                            + " whoever runs this server for more";
            case STORAGE ->
                    "Your files may have "
                            + value
                            + " bytes in all: delete some first, or ask whoever runs this server"
                            + " for more";
            case CONNECTIONS ->
                    "At most " + value + " sockets of yours may be open: close some first";
            case RETENTION -> "Files and history are kept " + value + " days";
            case RESULTS -> "At most " + value + " bytes of shared results are kept";
        };
    }
}
