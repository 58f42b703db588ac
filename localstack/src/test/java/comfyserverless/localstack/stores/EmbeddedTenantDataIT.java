package comfyserverless.localstack.stores;

import comfyserverless.aws.Aws;
import comfyserverless.contract.Ports;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.tenant.Removal;
import comfyserverless.contract.tenant.TenantDataContract;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class EmbeddedTenantDataIT extends TenantDataContract {
    private final ManualClock clock = new ManualClock(Instant.now());
    private @Nullable Aws aws;

    @Override
    protected Ports ports(JobSettings settings) {
        aws = EmbeddedStores.open(settings, clock);
        return aws.ports();
    }

    @Override
    protected Removal.Models models() {
        Aws opened = Objects.requireNonNull(aws);
        return new Removal.Models(opened.modelStore(), opened.modelIndex());
    }

    @Override
    protected Blobs lists() {
        return Objects.requireNonNull(aws).modelLists();
    }

    @Override
    protected ManualClock clock() {
        return clock;
    }
}
