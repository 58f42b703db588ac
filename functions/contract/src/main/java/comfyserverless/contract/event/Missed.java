package comfyserverless.contract.event;

import java.time.Instant;
import java.util.List;

/// Which jobs ended while their client had no socket to hear of it. Kept for an hour.
public interface Missed {
    /// Notes it; what is noted already keeps its place.
    void add(String tenant, String clientId, String promptId);

    /// The ids of the jobs, the one noted first in front.
    List<String> of(String tenant, String clientId);

    /// Takes a note to tell of it to this socket; true for the one caller who may.
    boolean take(Connection by, String promptId);

    /// Makes notes again of those that were taken for this socket at this time or later: what was told
    /// then may not have arrived. The one that was told first, and so arrived if anything did, goes
    /// behind all others: whoever hears one job a socket hears of all in the end. Returns whether there
    /// were any.
    boolean putBack(Connection broken, Instant since);
}
