package comfyserverless.contract.job;

import comfyserverless.contract.event.Connections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which of a tenant's clients have a job running: such a client with an open socket has to wait for its next
/// one, as pages of ComfyUI expect.
final class BusyClients {
    private final Connections connections;
    private final JobSettings settings;
    private final String tenant;
    private final Set<String> clients = new HashSet<>();
    private final Set<String> connected = new HashSet<>();
    private final Set<String> asked = new HashSet<>();

    BusyClients(
            Connections connections, JobSettings settings, String tenant, List<Candidate> running) {
        this.connections = connections;
        this.settings = settings;
        this.tenant = tenant;
        running.forEach(this::takes);
    }

    /// This job runs too.
    void takes(Candidate job) {
        if (job.clientId() != null && !settings.parallelPerClient()) {
            clients.add(job.clientId());
        }
    }

    boolean blocks(Candidate job) {
        String client = job.clientId();
        if (client == null || !clients.contains(client)) {
            return false;
        }
        if (asked.add(client) && connections.find(tenant, client).isPresent()) {
            connected.add(client);
        }
        return connected.contains(client);
    }
}
