package comfyserverless.contract.event;

import java.time.Instant;
import java.util.List;

/// Which jobs ended while their client had no socket to hear of it. Kept for an hour.
public interface Missed {
    void add(String tenant, String clientId, String promptId);

    /// The ids of the jobs, the one noted first in front.
    List<String> of(String tenant, String clientId);

    /// Takes a note; true for the one caller who may tell the client now.
    boolean take(String tenant, String clientId, String promptId);

    /// Makes notes again of those that were taken at this time or later: what was told then may not have
    /// arrived. Returns whether there were any.
    boolean putBack(String tenant, String clientId, Instant since);
}
