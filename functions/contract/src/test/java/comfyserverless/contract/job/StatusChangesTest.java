package comfyserverless.contract.job;

import static comfyserverless.contract.job.SampleJobs.job;
import static comfyserverless.contract.job.SampleJobs.result;
import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusChangesTest {
    private static final JobKey KEY = new JobKey("tenant", "a");

    private final InMemoryPorts ports = new InMemoryPorts(new ManualClock());
    private @Nullable Item before;

    /// What the change from the last item to the present one means.
    private Optional<StatusChanges.Change> change() {
        InMemoryTable table = ports.table();
        Item after = table.found(JobItem.key(KEY));
        Optional<StatusChanges.Change> change = StatusChanges.of(before, after);
        before = after;
        return change;
    }

    private static Optional<StatusChanges.Change> told(boolean wake) {
        return Optional.of(new StatusChanges.Change(KEY, wake));
    }

    @Test
    void a_jobs_way_is_told_where_the_queue_changes_and_nowhere_else() {
        ports.jobs().enqueue(job(KEY, 1));
        assertThat(change()).isEqualTo(told(true));
        Claim claim = ports.claims().claim("runner").orElseThrow();
        assertThat(change()).isEqualTo(told(false));
        ports.claims().start(claim);
        assertThat(change()).isEmpty();
        ports.claims().heartbeat(claim);
        assertThat(change()).isEmpty();
        ports.jobs().interrupt(KEY);
        assertThat(change()).isEmpty();
        ports.claims().finish(claim, result(JobResult.End.INTERRUPTED));
        assertThat(change()).isEqualTo(told(false));
        ports.jobs().deleteHistory(KEY);
        assertThat(change()).isEmpty();
    }

    @Test
    void a_job_that_returns_to_the_queue_wakes_runners() {
        ports.jobs().enqueue(job(KEY, 1));
        Claim claim = ports.claims().claim("runner").orElseThrow();
        change();
        ports.claims().giveBack(claim);
        assertThat(change()).isEqualTo(told(true));
    }

    @Test
    void a_deleted_job_is_told_and_a_swept_one_is_not() {
        ports.jobs().enqueue(job(KEY, 1));
        change();
        ports.jobs().clearPending(KEY.tenant());
        ports.reconcile().run();
        assertThat(change()).isEmpty();
        ports.jobs().enqueue(job(KEY, 2));
        change();
        ports.jobs().deletePending(KEY);
        assertThat(change()).isEqualTo(told(false));
    }

    @Test
    void other_items_and_removals_mean_nothing() {
        Item other = Item.of(new Key("W#tenant", "C#client")).with("st", "P");
        assertThat(StatusChanges.of(null, other)).isEmpty();
        ports.jobs().enqueue(job(KEY, 1));
        change();
        assertThat(StatusChanges.of(before, null)).isEmpty();
    }
}
