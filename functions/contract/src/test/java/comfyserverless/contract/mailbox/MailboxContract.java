package comfyserverless.contract.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.SampleJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [Mailbox] does, on whatever stores. Each test uses a pool and tenants of its own; its jobs have
/// the one node `1`, a PreviewAny.
public abstract class MailboxContract {
    /// What the ports go by.
    protected final ManualClock clock = new ManualClock(Instant.now());

    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private final String stranger = "s-" + pool;
    private Jobs jobs;
    private Claims claims;
    private Mailbox mailbox;

    /// Ports for a pool that nobody else uses.
    protected abstract Ports ports(JobSettings settings);

    @BeforeEach
    void open() {
        Ports ports = ports(SampleJobs.settings(pool));
        jobs = ports.jobs();
        claims = ports.claims();
        mailbox = ports.mailbox();
    }

    private void enqueue(String promptId, String clientId) {
        jobs.enqueue(SampleJobs.job(new JobKey(tenant, promptId), 1, clientId));
    }

    private Claim claim() {
        return claims.claim("runner").orElseThrow();
    }

    private Claim running(String promptId, String clientId) {
        enqueue(promptId, clientId);
        return claim();
    }

    private static JsonNode text(String text) {
        return TextNode.valueOf(text);
    }

    private List<String> read(Claim claim) {
        return mailbox.read(claim, 0).stream().map(r -> r.content().asText()).toList();
    }

    @Test
    void a_letter_reaches_the_running_node_in_the_order_of_sending() {
        Claim claim = running("p", "client");
        assertThat(mailbox.send(tenant, Letter.toNode("1", text("first")))).isEqualTo(1);
        assertThat(mailbox.send(tenant, Letter.toNode("1", text("second")))).isEqualTo(1);
        List<Received> letters = mailbox.read(claim, 0);
        assertThat(letters)
                .extracting(Received::content)
                .containsExactly(text("first"), text("second"));
        assertThat(letters).extracting(Received::nodeId).containsOnly("1");
        long first = letters.getFirst().number();
        assertThat(mailbox.read(claim, first)).containsExactly(letters.get(1));
        assertThat(mailbox.read(claim, letters.get(1).number())).isEmpty();
    }

    @Test
    void a_letter_for_a_node_that_no_running_prompt_has_reaches_nobody() {
        Claim claim = running("p", "client");
        assertThat(mailbox.send(tenant, Letter.toNode("2", text("lost")))).isZero();
        assertThat(read(claim)).isEmpty();
    }

    @Test
    void a_node_that_another_one_expands_into_can_be_written_to() {
        Claim claim = running("p", "client");
        assertThat(mailbox.send(tenant, Letter.toNode("1.0.0.3", text("inside")))).isEqualTo(1);
        assertThat(mailbox.read(claim, 0)).extracting(Received::nodeId).containsExactly("1.0.0.3");
    }

    @Test
    void a_letter_goes_to_every_running_prompt_that_has_the_node() {
        Claim one = running("one", "a");
        Claim two = running("two", "b");
        enqueue("three", "c");
        assertThat(mailbox.send(tenant, Letter.toNode("1", text("all")))).isEqualTo(2);
        assertThat(read(one)).containsExactly("all");
        assertThat(read(two)).containsExactly("all");
        assertThat(read(claim())).isEmpty();
    }

    @Test
    void a_prompt_or_a_client_narrows_it() {
        Claim one = running("one", "a");
        Claim two = running("two", "b");
        Letter letter = Letter.toNode("1", text("x"));
        assertThat(mailbox.send(tenant, letter.inPrompt("two"))).isEqualTo(1);
        assertThat(mailbox.send(tenant, letter.ofClient("b"))).isEqualTo(1);
        assertThat(mailbox.send(tenant, letter.ofClient("nobody"))).isZero();
        assertThat(mailbox.send(tenant, letter.inPrompt("two").ofClient("a"))).isZero();
        assertThat(mailbox.send(tenant, letter.inPrompt("unknown"))).isZero();
        assertThat(mailbox.send(tenant, letter.inPrompt("no # id"))).isZero();
        assertThat(read(one)).isEmpty();
        assertThat(read(two)).containsExactly("x", "x");
    }

    @Test
    void a_letter_to_a_prompt_that_still_waits_is_there_when_it_runs() {
        enqueue("later", "a");
        Letter letter = Letter.toNode("1", text("early"));
        assertThat(mailbox.send(tenant, letter)).isZero();
        assertThat(mailbox.send(tenant, letter.inPrompt("later"))).isEqualTo(1);
        assertThat(read(claim())).containsExactly("early");
    }

    @Test
    void a_job_that_runs_again_finds_its_letters_again() {
        Claim claim = running("p", "client");
        mailbox.send(tenant, Letter.toNode("1", text("kept")));
        assertThat(read(claim)).containsExactly("kept");
        claims.giveBack(claim);
        assertThat(read(claim())).containsExactly("kept");
    }

    @Test
    void a_prompt_id_that_is_used_again_has_an_empty_mailbox() {
        Claim claim = running("p", "client");
        mailbox.send(tenant, Letter.toNode("1", text("for the first")));
        claims.finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(mailbox.send(tenant, Letter.toNode("1", text("late")))).isZero();
        Claim again = running("p", "client");
        assertThat(again.key()).isEqualTo(claim.key());
        assertThat(read(again)).isEmpty();
        mailbox.send(tenant, Letter.toNode("1", text("for the second")));
        assertThat(read(again)).containsExactly("for the second");
    }

    @Test
    void tenants_have_mailboxes_of_their_own() {
        Claim claim = running("p", "client");
        Letter letter = Letter.toNode("1", text("from outside"));
        assertThat(mailbox.send(stranger, letter)).isZero();
        assertThat(mailbox.send(stranger, letter.inPrompt("p"))).isZero();
        assertThat(mailbox.send(stranger, Letter.toClass("PreviewAny", text("x")))).isZero();
        assertThat(mailbox.take(claim, "PreviewAny", "1")).isFalse();
        assertThat(read(claim)).isEmpty();
    }

    @Test
    void a_letter_to_a_node_class_goes_to_the_first_that_takes_it() {
        assertThat(mailbox.send(tenant, Letter.toClass("PreviewAny", text("first")))).isZero();
        Claim one = running("one", "a");
        Claim two = running("two", "b");
        assertThat(mailbox.send(tenant, Letter.toClass("PreviewAny", text("second")))).isEqualTo(2);
        assertThat(mailbox.take(one, "PreviewAny", "1")).isTrue();
        assertThat(mailbox.take(two, "PreviewAny", "1")).isTrue();
        assertThat(mailbox.take(two, "PreviewAny", "1")).isFalse();
        assertThat(mailbox.take(two, "Other", "1")).isFalse();
        assertThat(read(one)).containsExactly("first");
        assertThat(read(two)).containsExactly("second");
        assertThat(mailbox.read(two, 0)).extracting(Received::nodeId).containsExactly("1");
    }

    @Test
    void a_runner_that_lost_its_job_takes_nothing() {
        mailbox.send(tenant, Letter.toClass("PreviewAny", text("x")));
        Claim claim = running("p", "client");
        assertThat(mailbox.take(SampleJobs.stale(claim), "PreviewAny", "1")).isFalse();
        assertThat(mailbox.take(claim, "PreviewAny", "1")).isTrue();
    }

    @Test
    void a_letter_to_a_node_class_waits_an_hour() {
        mailbox.send(tenant, Letter.toClass("PreviewAny", text("old")));
        clock.advance(Duration.ofMinutes(50));
        mailbox.send(tenant, Letter.toClass("PreviewAny", text("new")));
        clock.advance(Duration.ofMinutes(11));
        Claim claim = running("p", "client");
        assertThat(mailbox.take(claim, "PreviewAny", "1")).isTrue();
        assertThat(mailbox.take(claim, "PreviewAny", "1")).isFalse();
        assertThat(read(claim)).containsExactly("new");
    }

    @Test
    void a_letter_has_a_largest_size() {
        Claim claim = running("p", "client");
        String most = "x".repeat(Mailbox.LARGEST - 2);
        assertThat(mailbox.send(tenant, Letter.toNode("1", text(most)))).isEqualTo(1);
        assertThat(read(claim)).containsExactly(most);
        assertThatThrownBy(() -> mailbox.send(tenant, Letter.toNode("1", text(most + "x"))))
                .isInstanceOf(LetterTooLarge.class)
                .hasMessageContaining("262145 bytes")
                .hasMessageContaining("store a file");
    }

    @Test
    void a_letter_to_a_class_is_for_no_single_prompt() {
        Letter letter = Letter.toClass("PreviewAny", text("x"));
        assertThatThrownBy(() -> letter.inPrompt("p"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PreviewAny");
    }
}
