package comfyserverless.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Origin;
import comfyserverless.contract.mailbox.Letter;
import comfyserverless.contract.mailbox.Mailbox;
import comfyserverless.contract.mailbox.Received;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.NodeMailbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// When a waiting node looks, what it finds and how its wait ends; on a clock that moves by waiting alone.
class JobMailboxTest {
    private final Deque<Supplier<List<Received>>> looks = new ArrayDeque<>();
    private final List<Long> asked = new ArrayList<>();
    private Duration time = Duration.ZERO;
    private Runnable stop = () -> {};

    private final Mailbox mailbox =
            new Mailbox() {
                @Override
                public int send(String tenant, Letter letter) {
                    throw new UnsupportedOperationException("a runner sends no letters");
                }

                @Override
                public List<Received> read(Claim claim, long after) {
                    asked.add(after);
                    return looks.isEmpty() ? List.of() : looks.poll().get();
                }

                @Override
                public boolean take(Claim claim, String className, String nodeId) {
                    return false;
                }
            };

    private NodeMailbox box(String id, String displayId) {
        Claim claim =
                new Claim(
                        new JobKey("t", "p"),
                        1,
                        1,
                        "own",
                        null,
                        Instant.EPOCH,
                        new Origin(1, "body", "hash", "digest", Instant.EPOCH));
        Mail mail =
                new Mail(
                        mailbox,
                        Duration.ofMinutes(10),
                        () -> time.toNanos(),
                        pause -> time = time.plus(pause));
        return new JobMailbox(claim, () -> true, () -> stop.run(), mail).of(id, displayId, "Wait");
    }

    private void found(Received... letters) {
        looks.add(() -> List.of(letters));
    }

    private static Received letter(long number, String nodeId, String text) {
        return new Received(number, nodeId, TextNode.valueOf(text));
    }

    private static String text(Optional<JsonNode> letter) {
        return letter.map(JsonNode::asText).orElse("none");
    }

    @Test
    void a_wait_ends_with_the_letter_that_comes_and_looks_four_times_a_second() throws Exception {
        found();
        found();
        found(letter(1, "5", "go on"));
        assertThat(box("5", "5").await().asText()).isEqualTo("go on");
        assertThat(time).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void a_letter_that_shows_late_is_not_lost() throws Exception {
        NodeMailbox box = box("5", "5");
        found(letter(2, "5", "second"));
        assertThat(box.await().asText()).isEqualTo("second");
        found(letter(1, "5", "first"), letter(2, "5", "second"));
        assertThat(box.await().asText()).isEqualTo("first");
        found(letter(3, "5", "third"));
        assertThat(box.await().asText()).isEqualTo("third");
        assertThat(asked).containsExactly(0L, 0L, 2L);
    }

    @Test
    void a_node_gets_its_own_letters_and_those_of_the_node_it_is_shown_as() {
        NodeMailbox box = box("5.0.0.1", "5");
        found(letter(1, "4", "another's"), letter(2, "5", "shown"), letter(3, "5.0.0.1", "own"));
        assertThat(text(box.poll())).isEqualTo("own");
        assertThat(text(box.poll())).isEqualTo("shown");
        assertThat(text(box.poll())).isEqualTo("none");
    }

    @Test
    void polling_at_every_step_reads_the_store_four_times_a_second_at_most() {
        NodeMailbox box = box("5", "5");
        for (int step = 0; step < 1000; step++) {
            assertThat(text(box.poll())).isEqualTo("none");
            time = time.plusMillis(1);
        }
        assertThat(asked).hasSize(4);
    }

    @Test
    void a_store_that_cannot_be_reached_for_a_while_does_not_end_the_wait() throws Exception {
        looks.add(() -> {
            throw new UncheckedIOException(new IOException("away"));
        });
        found(letter(1, "5", "after all"));
        assertThat(box("5", "5").await().asText()).isEqualTo("after all");
    }

    @Test
    void the_longest_wait_is_an_error_that_says_so() {
        assertThatThrownBy(() -> box("5", "5").await())
                .isInstanceOf(NodeException.class)
                .hasMessage("Node 5 (Wait) waited 600 s for a message that nobody sent");
        assertThat(time).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void a_stop_ends_a_wait_at_the_next_look() {
        stop =
                () -> {
                    if (time.compareTo(Duration.ofSeconds(3)) >= 0) {
                        throw new RunStopped(RunStopped.Reason.INTERRUPTED);
                    }
                };
        assertThatThrownBy(() -> box("5", "5").await()).isInstanceOf(RunStopped.class);
        assertThat(time).isEqualTo(Duration.ofSeconds(3));
    }
}
