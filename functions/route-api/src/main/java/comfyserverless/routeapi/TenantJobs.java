package comfyserverless.routeapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobStatus;
import comfyserverless.contract.job.QueueView;
import java.util.List;
import java.util.Optional;

/// A tenant's queue and history.
public interface TenantJobs {
    /// What runs and what waits.
    QueueView queue();

    /// How many prompts run or wait.
    int remaining();

    /// The ids of the prompts that run, oldest start first.
    List<String> running();

    Optional<JobStatus> status(String promptId);

    /// How a prompt ended.
    Optional<HistoryEntry> history(String promptId);

    /// The newest ended prompts, the oldest of them first.
    List<HistoryEntry> history(int most);

    /// Ends a prompt wherever it stands; false if it has ended or is unknown.
    boolean cancel(String promptId);

    /// Queues a prompt as `POST /prompt` does with this body (`prompt`, `client_id`, `extra_data`, ...), and
    /// gives its id. Packs see it too, so this is not for [RouteExtension#onPrompt].
    ///
    /// @throws RouteProblem with the server's status and error if it is refused
    String submit(ObjectNode body);
}
