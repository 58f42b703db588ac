package comfyserverless.localstack.stores;

import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.TableContract;
import java.time.Clock;

class EmbeddedTableIT extends TableContract {
    private final ManualClock clock = new ManualClock();
    private final Table table = EmbeddedStores.open(JobSettings.standard(), clock).stores().table();

    @Override
    protected Table table() {
        return table;
    }

    @Override
    protected Clock clock() {
        return clock;
    }
}
