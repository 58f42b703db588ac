package comfyserverless.contract.job;

import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import java.util.List;
import java.util.Optional;

/// The holds that runners have on a tenant's jobs, as the table knows them.
public final class HeldJobs {
    private HeldJobs() {}

    public static List<Claim> of(Table table, String tenant) {
        return table.all(Query.of(JobItem.partition(tenant), Index.RUN)).stream()
                .map(Item::key)
                .map(table::get)
                .flatMap(Optional::stream)
                .map(JobItem::of)
                .map(HeldJobs::claim)
                .toList();
    }

    private static Claim claim(JobItem job) {
        if (job.state() instanceof JobState.Running running) {
            return job.claim(running);
        }
        throw new IllegalStateException(job + " is not running");
    }
}
