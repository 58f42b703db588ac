package comfyserverless.runner.run;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/// How much of the Java heap, where cached tensors live, is free.
final class HeapMemory {
    private HeapMemory() {}

    /// Bytes that were free after the last collection; before the first one, those never used.
    static long free() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage collected =
                    pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            used += collected == null ? 0 : collected.getUsed();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory()
                - (used == 0 ? runtime.totalMemory() - runtime.freeMemory() : used);
    }
}
