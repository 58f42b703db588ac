package comfyserverless.contract.event;

import java.time.Instant;
import java.util.List;

/// The lines that a tenant's jobs wrote: what `/internal/logs` shows, the newest 300.
public interface JobLog {
    /// How many lines [#newest] gives.
    int LINES = 300;

    /// One piece of output, as ComfyUI's log entries.
    record Line(Instant at, String text) {}

    void append(String tenant, List<Line> lines);

    /// The newest lines, oldest of them first.
    List<Line> newest(String tenant);
}
