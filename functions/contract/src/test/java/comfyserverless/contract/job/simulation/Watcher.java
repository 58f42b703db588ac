package comfyserverless.contract.job.simulation;

import comfyserverless.contract.table.Item;
import org.jspecify.annotations.Nullable;

/// Sees every change of a simulated table, in its order; those of a transaction one after the other.
interface Watcher {
    void changed(@Nullable Item before, @Nullable Item after);
}
