package comfyserverless.contract.event;

import java.util.List;

/// Which jobs ended while their client had no socket to hear of it. Kept for an hour.
public interface Missed {
    void add(String tenant, String clientId, String promptId);

    /// The ids of the jobs, the one noted first in front.
    List<String> of(String tenant, String clientId);

    /// Removes a note; true for the one caller who may tell the client now.
    boolean take(String tenant, String clientId, String promptId);
}
