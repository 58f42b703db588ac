package comfyserverless.contract.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final List<Duration> ALL =
            IntStream.rangeClosed(1, 10)
                    .mapToObj(Retries::after)
                    .flatMap(Optional::stream)
                    .toList();

    @Test
    void a_call_is_made_seven_times_within_eighteen_hours() {
        assertThat(ALL).hasSize(6);
        assertThat(ALL.stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.parse("PT17H35M5S"));
        assertThat(Retries.after(7)).isEmpty();
    }

    @Test
    void each_wait_is_longer_than_the_last_and_no_longer_than_a_message_can_be_hidden() {
        assertThat(ALL)
                .isSorted()
                .doesNotHaveDuplicates()
                .allMatch(wait -> wait.compareTo(WebhookQueue.LONGEST_HIDING) <= 0);
    }
}
