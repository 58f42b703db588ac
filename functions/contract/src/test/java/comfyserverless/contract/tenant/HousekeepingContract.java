package comfyserverless.contract.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Account;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What goes by itself, and room for files, on whatever stores.
public abstract class HousekeepingContract {
    private final String tenant = "t-" + UUID.randomUUID();
    private Ports ports;

    protected abstract Ports ports(JobSettings settings);

    protected abstract ManualClock clock();

    @BeforeEach
    void open() {
        ports = ports(SampleJobs.settings(tenant));
    }

    private void ended(String promptId) {
        ports.jobs().enqueue(SampleJobs.job(new JobKey(tenant, promptId), 1));
        Claim claim = ports.claims().claim("runner").orElseThrow();
        ports.claims().start(claim);
        ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
    }

    private static FileRef input(String name) {
        return new FileRef(FileType.INPUT, "", name);
    }

    private void put(String name, int bytes) {
        ports.files().put(tenant, input(name), new byte[bytes]);
    }

    private List<String> history() {
        return ports.jobs().history(tenant, -1, 0).stream()
                .map(HistoryEntry::job)
                .map(job -> job.promptId())
                .toList();
    }

    private List<String> files() {
        return ports.files().list(tenant, FileType.INPUT).stream()
                .map(file -> file.ref().name())
                .toList();
    }

    private void limit(String limits) {
        ports.accounts().limit(tenant, Limits.parse(limits), Set.of());
    }

    private Housekeeping.Removed keepHouse() {
        clock().advance(Housekeeping.EVERY);
        return ports.housekeeping().run(Set.of(tenant));
    }

    @Test
    void what_is_older_than_a_tenant_keeps_it_goes_and_nothing_else() {
        limit("retention-days=30");
        ended("old");
        put("old.png", 3);
        clock().advance(Duration.ofDays(20));
        ended("young");
        put("young.png", 3);
        assertThat(keepHouse()).isEqualTo(new Housekeeping.Removed(0, 0));
        clock().advance(Duration.ofDays(10));
        int objects = ports.stores().blobs().keys("f/" + tenant + "/").size();
        assertThat(keepHouse()).isEqualTo(new Housekeeping.Removed(1, 1));
        assertThat(history()).containsExactly("young");
        assertThat(files()).containsExactly("young.png");
        assertThat(ports.stores().blobs().keys("f/" + tenant + "/")).hasSize(objects - 1);
    }

    @Test
    void who_has_no_such_limit_keeps_everything() {
        ended("old");
        put("old.png", 3);
        clock().advance(Duration.ofDays(4000));
        keepHouse();
        assertThat(history()).containsExactly("old");
        assertThat(files()).containsExactly("old.png");
    }

    @Test
    void a_tenant_has_its_turn_once_an_hour() {
        limit("retention-days=0");
        put("a.png", 1);
        assertThat(keepHouse().files()).isEqualTo(1);
        put("b.png", 1);
        clock().advance(Duration.ofMinutes(59));
        assertThat(ports.housekeeping().run(Set.of()).files()).isZero();
        clock().advance(Duration.ofMinutes(1));
        assertThat(ports.housekeeping().run(Set.of()).files()).isEqualTo(1);
    }

    @Test
    void a_tenant_with_work_becomes_known() {
        assertThat(ports.accounts().find(tenant)).isEmpty();
        keepHouse();
        assertThat(ports.accounts().find(tenant)).map(Account::own).contains(Limits.none());
    }

    @Test
    void files_take_room_and_give_it_back() {
        limit("storage-bytes=10");
        put("a.png", 6);
        put("a.png", 5);
        put("b.png", 5);
        assertThatThrownBy(() -> put("c.png", 1))
                .isInstanceOfSatisfying(
                        LimitReached.class,
                        reached -> assertThat(reached.limit()).isEqualTo(Limit.STORAGE))
                .hasMessageContaining("10 bytes");
        assertThat(files()).containsExactly("a.png", "b.png");
        ports.files().delete(tenant, input("b.png"));
        put("c.png", 5);
        assertThat(files()).containsExactly("a.png", "c.png");
    }

    @Test
    void what_was_there_before_the_limit_counts_within_an_hour() {
        put("a.png", 6);
        limit("storage-bytes=10");
        keepHouse();
        assertThatThrownBy(() -> put("b.png", 5)).isInstanceOf(LimitReached.class);
        put("b.png", 4);
    }
}
