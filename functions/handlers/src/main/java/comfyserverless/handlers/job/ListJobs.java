package comfyserverless.handlers.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Usage;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Query;
import comfyserverless.handlers.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// `GET /api/jobs?status=&limit=&offset=&workflow_id=&sort_by=&sort_order=`: queue and history in one
/// list, the newest first unless asked otherwise.
public final class ListJobs implements Endpoint {
    private static final String PENDING = "pending";
    private static final String RUNNING = "in_progress";
    private static final List<String> STATUSES =
            List.of(PENDING, RUNNING, "completed", "failed", "cancelled");
    private static final int ALL = 10_000;

    private final Jobs jobs;
    private final Accounts accounts;
    private final Clock clock;

    public ListJobs(Jobs jobs, Accounts accounts, Clock clock) {
        this.jobs = jobs;
        this.accounts = accounts;
        this.clock = clock;
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    @Override
    public Response answer(Call call) {
        try {
            return Response.json(list(call.tenant(), call.request().query()));
        } catch (Refused e) {
            return Response.json(400, Json.object().put("error", e.getMessage()));
        }
    }

    private ObjectNode list(String tenant, Query query) {
        Set<String> statuses = statuses(query.first("status"));
        Integer limit = limit(query.first("limit"));
        int offset = offset(query.first("offset"));
        Comparator<ObjectNode> order = order(query);
        String workflow = query.first("workflow_id");
        List<ObjectNode> all =
                new ArrayList<>(
                        entries(tenant, statuses).stream()
                                .filter(job ->
                                        workflow == null
                                                || workflow.isEmpty()
                                                || job.path("workflow_id")
                                                        .asText()
                                                        .equals(workflow))
                                .sorted(order)
                                .toList());
        int from = Math.min(offset, all.size());
        int to = limit == null ? all.size() : Math.min(all.size(), from + limit);
        ObjectNode body = Json.object();
        ArrayNode shown = body.putArray("jobs");
        all.subList(from, to).forEach(shown::add);
        body.putObject("pagination")
                .put("offset", offset)
                .put("limit", limit)
                .put("total", all.size())
                .put("has_more", to < all.size());
        body.set("usage", usage(tenant));
        return body;
    }

    private ObjectNode usage(String tenant) {
        YearMonth month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        Usage used =
                accounts.usage(tenant).stream()
                        .filter(one -> one.month().equals(month))
                        .findFirst()
                        .orElse(new Usage(month, Duration.ZERO, 0));
        return Json.object()
                .put("month", month.toString())
                .put("gpu_seconds", used.gpu().toMillis() / 1000.0)
                .put("jobs", used.jobs());
    }

    private List<ObjectNode> entries(String tenant, Set<String> statuses) {
        List<ObjectNode> entries = new ArrayList<>();
        if (statuses.contains(PENDING) || statuses.contains(RUNNING)) {
            QueueView queue = jobs.queue(tenant);
            if (statuses.contains(RUNNING)) {
                queue.running().forEach(job -> entries.add(JobJson.queued(job, RUNNING)));
            }
            if (statuses.contains(PENDING)) {
                addPending(entries, queue.pending());
            }
        }
        if (statuses.stream().anyMatch(s -> !s.equals(PENDING) && !s.equals(RUNNING))) {
            for (HistoryEntry entry : jobs.history(tenant, ALL, -1)) {
                if (statuses.contains(JobJson.status(entry.result()))) {
                    entries.add(JobJson.ended(entry));
                }
            }
        }
        return entries;
    }

    private static void addPending(List<ObjectNode> entries, List<QueuedJob> pending) {
        int position = 1;
        for (QueuedJob job : pending) {
            entries.add(JobJson.queued(job, PENDING).put("queue_position", position++));
        }
    }

    private static Set<String> statuses(@Nullable String given) {
        if (given == null || given.isEmpty()) {
            return Set.copyOf(STATUSES);
        }
        Set<String> wanted = new TreeSet<>();
        for (String one : given.split(",", -1)) {
            if (!one.isBlank()) {
                wanted.add(one.strip());
            }
        }
        Set<String> unknown = new TreeSet<>(wanted);
        STATUSES.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new Refused(
                    "Invalid status value(s): "
                            + String.join(", ", unknown)
                            + ". Valid values: "
                            + String.join(", ", STATUSES));
        }
        return wanted;
    }

    private static @Nullable Integer limit(@Nullable String given) {
        if (given == null) {
            return null;
        }
        int limit = whole(given, "limit");
        if (limit <= 0) {
            throw new Refused("limit must be a positive integer");
        }
        return limit;
    }

    private static int offset(@Nullable String given) {
        return given == null ? 0 : Math.max(0, whole(given, "offset"));
    }

    private static int whole(String given, String name) {
        try {
            return Integer.parseInt(given.strip());
        } catch (NumberFormatException e) {
            throw new Refused(name + " must be an integer");
        }
    }

    private static Comparator<ObjectNode> order(Query query) {
        Comparator<ObjectNode> by =
                switch (query.first("sort_by", "created_at")) {
                    case "created_at", "create_time" ->
                            Comparator.comparingLong(job -> job.path("create_time").asLong());
                    case "execution_duration", "execution_time" ->
                            Comparator.comparingLong(ListJobs::duration);
                    default ->
                            throw new Refused(
                                    "sort_by must be 'created_at' or 'execution_duration'");
                };
        return switch (query.first("sort_order", "desc")) {
            case "asc" -> by;
            case "desc" -> by.reversed();
            default -> throw new Refused("sort_order must be 'asc' or 'desc'");
        };
    }

    private static long duration(ObjectNode job) {
        long end = job.path("execution_end_time").asLong();
        return end - job.path("execution_start_time").asLong(end);
    }
}
