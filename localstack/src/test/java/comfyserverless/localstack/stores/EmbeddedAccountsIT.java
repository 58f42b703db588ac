package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.AccountsContract;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;

class EmbeddedAccountsIT extends AccountsContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }

    @Override
    protected ManualClock clock() {
        return clock;
    }
}
