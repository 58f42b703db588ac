package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.model.TableModelIndex;
import comfyserverless.contract.table.RecentItems;
import comfyserverless.contract.tenant.Removal;
import comfyserverless.contract.tenant.TenantDataContract;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class InMemoryTenantDataTest extends TenantDataContract {
    private final ManualClock clock = new ManualClock();
    private final InMemoryBlobs lists = new InMemoryBlobs();
    private final InMemoryModelStore store = new InMemoryModelStore(clock);
    private @Nullable InMemoryPorts memory;

    @Override
    protected Ports ports(JobSettings settings) {
        memory = new InMemoryPorts(clock, settings);
        return memory.ports();
    }

    @Override
    protected Removal.Models models() {
        InMemoryTable table = Objects.requireNonNull(memory).table();
        return new Removal.Models(
                store,
                new TableModelIndex(
                        table, lists, new RecentItems(table, clock), new CountingIds()));
    }

    @Override
    protected Blobs lists() {
        return lists;
    }

    @Override
    protected ManualClock clock() {
        return clock;
    }
}
