package comfyserverless.runner;

import com.sun.management.OperatingSystemMXBean;
import comfyserverless.contract.catalogue.Runners;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;

/// What a runner says of the machine it runs on.
///
/// @param torchVersion as /system_stats shows it
record Machine(String runnerId, String catalogueDigest, String torchVersion) {
    Runners.Report report(Instant now) {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        long free = system.getFreeMemorySize();
        Runners.Device cpu = new Runners.Device("cpu", "cpu", 0, total, free, total, free);
        return new Runners.Report(
                runnerId, now, catalogueDigest, torchVersion, total, free, List.of(cpu));
    }
}
