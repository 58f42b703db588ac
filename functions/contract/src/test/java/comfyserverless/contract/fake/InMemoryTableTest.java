package comfyserverless.contract.fake;

import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.TableContract;
import java.time.Clock;

class InMemoryTableTest extends TableContract {
    private final ManualClock clock = new ManualClock();
    private final InMemoryTable table = new InMemoryTable(clock);

    @Override
    protected Table table() {
        return table;
    }

    @Override
    protected Clock clock() {
        return clock;
    }
}
