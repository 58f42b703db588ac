package comfyserverless.contract.account;

import java.util.Arrays;
import java.util.stream.Collectors;

/// What can be limited of a tenant.
public enum Limit {
    /// Prompts that wait; exact, whichever functions and runners are at it.
    PENDING("pending", "maxPending"),
    /// Prompts that run at once, seen at each claim.
    RUNNING("running", "maxRunning"),
    /// Requests a minute, counted by each instance of the function for itself.
    REQUESTS("requests", "maxRequests"),
    /// Seconds of runners a day (UTC); a prompt is refused once the day's are used up.
    GPU_SECONDS("gpu-seconds", "maxGpu"),
    /// Bytes of input and output files.
    STORAGE("storage", "maxBytes"),
    /// Open sockets.
    CONNECTIONS("connections", "maxSockets"),
    /// Days after which history and files go.
    RETENTION("retention", "keepDays"),
    /// Bytes of results that the tenant's runners share.
    RESULTS("results", "maxResults");

    private final String word;
    private final String attribute;

    Limit(String word, String attribute) {
        this.word = word;
        this.attribute = attribute;
    }

    /// How settings, the command line and answers name it; a value is a number of what the limit counts: seconds,
    /// bytes, days, requests a minute.
    public String word() {
        return word;
    }

    /// Where the tenant's item has its own.
    String attribute() {
        return attribute;
    }

    /// The limit of this word.
    ///
    /// @throws IllegalArgumentException with a sentence that names them all, if there is none
    public static Limit of(String word) {
        return Arrays.stream(values())
                .filter(limit -> limit.word.equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "\"" + word + "\" is no limit; there are " + words()));
    }

    private static String words() {
        return Arrays.stream(values()).map(Limit::word).collect(Collectors.joining(", "));
    }
}
