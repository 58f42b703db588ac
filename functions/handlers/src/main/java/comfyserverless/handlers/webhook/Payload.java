package comfyserverless.handlers.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookTask;
import comfyserverless.handlers.http.MimeTypes;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.job.JobNews;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// What is sent: `{"type", "timestamp", "data"}`, the data as `/api/jobs/{id}` shows the job, without its
/// workflow. Each file has `url`, its path on this server, and `download_url`, which serves it without a
/// key for an hour from when it was sent.
final class Payload {
    private static final Duration SIGNED_FOR = Duration.ofHours(1);
    private static final int LONGEST = 200 * 1024;
    private static final String OUTPUTS = "outputs";

    private final Jobs jobs;
    private final Files files;
    private final Clock clock;

    Payload(Jobs jobs, Files files, Clock clock) {
        this.jobs = jobs;
        this.files = files;
        this.clock = clock;
    }

    /// What is told of the job for good, whatever becomes of its history.
    String of(WebhookTask task) {
        ObjectNode data = data(task);
        eachFile(data, file -> file.put("url", path(file)));
        ObjectNode json = Json.object().put("type", task.event().word());
        json.put("timestamp", timestamp(data).toString());
        json.set("data", data);
        String text = Json.write(json);
        if (text.length() <= LONGEST) {
            return text;
        }
        data.putObject(OUTPUTS);
        return Json.write(json.put("outputs_omitted", true));
    }

    private ObjectNode data(WebhookTask task) {
        if (task.event() != WebhookEvent.STARTED) {
            Optional<HistoryEntry> entry =
                    jobs.historyOf(new JobKey(task.tenant(), task.promptId()))
                            .filter(found -> found.created().equals(task.created()));
            if (entry.isPresent()) {
                return JobNews.ended(entry.get());
            }
        }
        String status =
                switch (task.event()) {
                    case STARTED -> "in_progress";
                    case COMPLETED -> "completed";
                    case FAILED -> "failed";
                    case CANCELLED -> "cancelled";
                };
        return JobNews.brief(task.promptId(), status, task.number(), task.created());
    }

    /// When the job ended or, as far as that is not known, now.
    private Instant timestamp(ObjectNode data) {
        return data.has("execution_end_time")
                ? Instant.ofEpochMilli(data.path("execution_end_time").asLong())
                : clock.instant();
    }

    /// What goes out now: with addresses that serve for an hour.
    byte[] signed(String tenant, String payload) {
        JsonNode json = Json.readStored(payload.getBytes(StandardCharsets.UTF_8));
        eachFile(
                json.path("data"),
                file -> {
                    Optional<StoredFile> found = ref(file).flatMap(r -> files.find(tenant, r));
                    found.ifPresent(stored -> file.put("download_url", link(tenant, stored)));
                });
        return Json.write(json).getBytes(StandardCharsets.UTF_8);
    }

    private String link(String tenant, StoredFile file) {
        String name = file.ref().name();
        String type = MimeTypes.isActive(name) ? Response.BYTES : MimeTypes.of(name);
        String disposition = "attachment; filename=\"" + name.replace("\"", "\\\"") + "\"";
        return files.signedUrl(tenant, file, type, disposition, SIGNED_FOR).toString();
    }

    private static void eachFile(JsonNode data, Consumer<ObjectNode> action) {
        for (JsonNode node : data.path(OUTPUTS)) {
            for (JsonNode kind : node) {
                for (JsonNode item : kind) {
                    if (item instanceof ObjectNode file && ref(file).isPresent()) {
                        action.accept(file);
                    }
                }
            }
        }
    }

    private static Optional<FileRef> ref(ObjectNode file) {
        if (!file.path("filename").isTextual()) {
            return Optional.empty();
        }
        return FileType.of(file.path("type").asText())
                .flatMap(type -> {
                    try {
                        String subfolder = file.path("subfolder").asText("");
                        return Optional.of(
                                new FileRef(type, subfolder, file.path("filename").asText()));
                    } catch (IllegalArgumentException e) {
                        // a name that no file can have
                        return Optional.empty();
                    }
                });
    }

    private static String path(ObjectNode file) {
        StringBuilder path = new StringBuilder("/api/view?filename=");
        path.append(encoded(file.path("filename").asText()));
        path.append("&subfolder=").append(encoded(file.path("subfolder").asText("")));
        return path.append("&type=").append(encoded(file.path("type").asText())).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
