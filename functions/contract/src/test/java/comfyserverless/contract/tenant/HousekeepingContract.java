package comfyserverless.contract.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Account;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
        forgetTenantsOfOtherTests();
    }

    /// A round is for every tenant, and stores may be shared by tests.
    private void forgetTenantsOfOtherTests() {
        Table table = ports.stores().table();
        table.deleteAll(
                table.all(Query.of(TenantItem.DIRECTORY, Index.MAIN)).stream()
                        .map(Item::key)
                        .toList());
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

    private Housekeeping.Round keepHouse() {
        clock().advance(Housekeeping.EVERY);
        return ports.housekeeping().run(Set.of(tenant));
    }

    private static Housekeeping.Round round(int entries, int files) {
        return new Housekeeping.Round(entries, files, List.of());
    }

    @Test
    void what_is_older_than_a_tenant_keeps_it_goes_and_nothing_else() {
        limit("retention=30");
        ended("old");
        put("old.png", 3);
        ports.files().put(tenant, new FileRef(FileType.OUTPUT, "sub", "old.png"), new byte[3]);
        clock().advance(Duration.ofDays(20));
        ended("young");
        put("young.png", 3);
        assertThat(keepHouse()).isEqualTo(round(0, 0));
        clock().advance(Duration.ofDays(10));
        int objects = ports.stores().blobs().keys("f/" + tenant + "/").size();
        assertThat(keepHouse()).isEqualTo(round(1, 2));
        assertThat(history()).containsExactly("young");
        assertThat(files()).containsExactly("young.png");
        assertThat(ports.files().list(tenant, FileType.OUTPUT)).isEmpty();
        assertThat(ports.stores().blobs().keys("f/" + tenant + "/")).hasSize(objects - 2);
    }

    @Test
    void temporary_files_go_earlier_where_nothing_is_kept_so_long() {
        limit("retention=1");
        FileRef preview = new FileRef(FileType.TEMP, "", "preview.png");
        ports.files().put(tenant, preview, new byte[3]);
        clock().advance(Duration.ofHours(25));
        assertThat(keepHouse()).isEqualTo(round(0, 1));
        assertThat(ports.stores().blobs().keys("t/" + tenant + "/")).isEmpty();
    }

    @Test
    void a_round_removes_so_much_and_the_next_goes_on_at_once() {
        limit("retention=1");
        ended("one");
        ended("two");
        ended("three");
        put("a.png", 1);
        put("b.png", 1);
        clock().advance(Duration.ofDays(2));
        Housekeeping small = ports.housekeeping(new Housekeeping.Bounds(1000, 2));
        assertThat(small.run(Set.of(tenant))).isEqualTo(round(2, 0));
        assertThat(history()).containsExactly("three");
        assertThat(small.run(Set.of())).isEqualTo(round(1, 1));
        assertThat(small.run(Set.of())).isEqualTo(round(0, 1));
        assertThat(history()).isEmpty();
        assertThat(files()).isEmpty();
        put("c.png", 1);
        clock().advance(Duration.ofMinutes(59));
        assertThat(small.run(Set.of())).isEqualTo(round(0, 0));
    }

    @Test
    void who_has_waited_longest_has_the_next_turn() {
        List<String> tenants = List.of(tenant + "-a", tenant + "-b", tenant + "-c");
        for (String each : tenants) {
            ports.accounts().create(each, Limits.parse("retention=0"));
            ports.files().put(each, input("a.png"), new byte[1]);
        }
        clock().advance(Duration.ofDays(1));
        ports.housekeeping().run(Set.of());
        for (String each : tenants) {
            ports.files().put(each, input("a.png"), new byte[1]);
        }
        clock().advance(Duration.ofDays(1));
        Housekeeping one = ports.housekeeping(new Housekeeping.Bounds(1, 100));
        for (String _ : ports.accounts().all().stream().map(Account::tenant).toList()) {
            one.run(Set.of());
        }
        for (String each : tenants) {
            assertThat(ports.files().list(each, FileType.INPUT)).as(each).isEmpty();
        }
    }

    @Test
    void a_tenant_that_is_being_deleted_is_named_and_left_alone() {
        limit("retention=0");
        put("a.png", 1);
        ports.removal(Optional.empty(), clock()::advance).close(tenant);
        assertThat(keepHouse().closing()).contains(tenant);
        assertThat(files()).containsExactly("a.png");
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
        limit("retention=0");
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
        keepHouse();
        assertThat(ports.accounts().find(tenant)).isEmpty();
        ended("a");
        keepHouse();
        assertThat(ports.accounts().find(tenant)).map(Account::own).contains(Limits.none());
    }

    @Test
    void files_take_room_and_give_it_back() {
        limit("storage=10");
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
        limit("storage=10");
        keepHouse();
        assertThatThrownBy(() -> put("b.png", 5)).isInstanceOf(LimitReached.class);
        put("b.png", 4);
    }
}
