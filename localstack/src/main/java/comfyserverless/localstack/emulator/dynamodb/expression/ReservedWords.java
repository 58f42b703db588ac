package comfyserverless.localstack.emulator.dynamodb.expression;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// DynamoDB's reserved words, which an expression may name only through a placeholder.
final class ReservedWords {
    private static final Set<String> WORDS = read();

    private ReservedWords() {}

    static boolean contains(String word) {
        return WORDS.contains(word.toUpperCase(Locale.ROOT));
    }

    private static Set<String> read() {
        try (InputStream in =
                Objects.requireNonNull(
                        ReservedWords.class.getResourceAsStream("reserved-words.txt"))) {
            return Set.of(
                    new String(in.readAllBytes(), StandardCharsets.US_ASCII).trim().split("\\s+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
