package comfyserverless.contract.webhook;

import java.util.Set;

/// The mark of a job whose start or end somebody wants to hear of.
///
/// @param source whose address it is
public record Hook(Source source, Set<WebhookEvent> events) {
    /// Where the address is kept.
    public enum Source {
        /// It came with the prompt.
        PROMPT('p'),
        /// It is the tenant's own.
        TENANT('t');

        private final char letter;

        Source(char letter) {
            this.letter = letter;
        }
    }

    public Hook {
        events = Set.copyOf(events);
    }

    /// Reads the text of [#text].
    public static Hook of(String text) {
        for (Source source : Source.values()) {
            if (!text.isEmpty() && text.charAt(0) == source.letter) {
                return new Hook(source, WebhookEvent.ofLetters(text.substring(1)));
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" marks no webhook");
    }

    /// A letter for the source and one for each event, such as `pcfx`.
    public String text() {
        return source.letter + WebhookEvent.letters(events);
    }
}
