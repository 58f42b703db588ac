package comfyserverless.contract.catalogue;

import java.time.Instant;
import java.util.List;

/// The pool's runners, by their last heartbeats.
public interface Runners {
    /// One device of a runner, in bytes.
    record Device(
            String name,
            String type,
            int index,
            long vramTotal,
            long vramFree,
            long torchVramTotal,
            long torchVramFree) {}

    /// What a runner says of itself.
    record Report(
            String runnerId,
            Instant at,
            String catalogueDigest,
            String torchVersion,
            long ramTotal,
            long ramFree,
            List<Device> devices) {
        public Report {
            devices = List.copyOf(devices);
        }
    }

    void report(Report report);

    /// Reports of runners heard of lately, newest first; the last known one too when none is alive.
    List<Report> known();

    boolean alive(Report report);
}
