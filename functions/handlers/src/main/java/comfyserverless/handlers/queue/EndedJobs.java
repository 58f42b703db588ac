package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.socket.Greeter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells clients of jobs that ended without a runner: the end as the history has it, the new count, and
/// `executing` with no node, in the order of any other run.
public final class EndedJobs {
    private final Jobs jobs;
    private final Greeter.Clients clients;
    private final Post post;
    private final QueueNews news;

    public EndedJobs(Jobs jobs, Greeter.Clients clients, Post post, QueueNews news) {
        this.jobs = jobs;
        this.clients = clients;
        this.post = post;
        this.news = news;
    }

    public void tell(List<JobKey> ended) {
        for (JobKey key : ended) {
            jobs.historyOf(key).ifPresent(entry -> tell(key, entry));
        }
    }

    private void tell(JobKey key, HistoryEntry entry) {
        String clientId = entry.clientId();
        String end = end(entry);
        String over = EventJson.write(new Event.Executing(null, null, key.promptId()));
        if (clientId != null && end != null) {
            note(key, List.of(end, over));
        }
        boolean heard = clientId == null || end == null || sent(key, clientId, end);
        news.changed(key.tenant(), clientId);
        if (clientId != null && !(heard && sent(key, clientId, over))) {
            clients.missed().add(key.tenant(), clientId, key.promptId());
        }
    }

    /// The last message of the history entry.
    private static @Nullable String end(HistoryEntry entry) {
        JsonNode messages = entry.result().messages();
        JsonNode last = messages.path(messages.size() - 1);
        return last.isMissingNode()
                ? null
                : Json.write(EventJson.message(last.path(0).asText(), last.path(1)));
    }

    private void note(JobKey key, List<String> messages) {
        Optional<EventLog.Run> run = clients.log().lastRun(key);
        long fence = run.map(EventLog.Run::fence).orElse(0L);
        long seq = run.map(r -> r.messages().getLast().seq() + 1).orElse(0L);
        for (String message : messages) {
            clients.log().append(key, fence, new EventLog.Logged(seq++, message));
        }
    }

    private boolean sent(JobKey key, String clientId, String message) {
        Optional<Connection> connection =
                clients.connections().find(key.tenant(), clientId).filter(Connection::greeted);
        return connection.isPresent()
                && post.text(connection.get().connectionId(), message) == Post.Outcome.SENT;
    }
}
