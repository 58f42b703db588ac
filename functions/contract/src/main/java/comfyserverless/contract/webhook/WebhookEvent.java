package comfyserverless.contract.webhook;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a webhook can tell of a job.
public enum WebhookEvent {
    STARTED('s', "job.started"),
    COMPLETED('c', "job.completed"),
    FAILED('f', "job.failed"),
    /// Interrupted, or taken out of the queue before it ran.
    CANCELLED('x', "job.cancelled");

    /// Those that are told of unless asked otherwise: how a job ended.
    public static final Set<WebhookEvent> ENDS = Set.of(COMPLETED, FAILED, CANCELLED);

    private final char letter;
    private final String word;

    WebhookEvent(char letter, String word) {
        this.letter = letter;
        this.word = word;
    }

    /// Its name in payloads and requests, such as `job.completed`.
    public String word() {
        return word;
    }

    /// The event of that name, with or without `job.` before it.
    public static Optional<WebhookEvent> named(String word) {
        return Stream.of(values())
                .filter(event -> event.word.equals(word) || event.word.equals("job." + word))
                .findFirst();
    }

    /// A set of them in as many letters.
    static String letters(Set<WebhookEvent> events) {
        return EnumSet.copyOf(events).stream()
                .map(event -> String.valueOf(event.letter))
                .collect(Collectors.joining());
    }

    static Set<WebhookEvent> ofLetters(String letters) {
        return Stream.of(values())
                .filter(event -> letters.indexOf(event.letter) >= 0)
                .collect(Collectors.toUnmodifiableSet());
    }
}
