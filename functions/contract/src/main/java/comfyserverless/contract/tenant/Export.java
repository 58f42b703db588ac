package comfyserverless.contract.tenant;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.Account;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.Usage;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.job.QueuedJob;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.WebhookSettings;
import comfyserverless.contract.webhook.WebhookTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// All that a tenant has, in an [Archive]:
///
/// - `jobs.jsonl`: what waits and runs, `history.jsonl`: what ended, one JSON object a line
/// - `webhooks.jsonl`: what the tenant's server was told, with what it answered
/// - `files/{input|output|temp}/{subfolder}/{name}`
/// - `userdata/{user}/{path}`, workflows and settings among them
/// - `manifest.json`, the last entry: whose it is, when it was made, limits, usage, whom its jobs call, how much
///   of each
///
/// The secret by which calls are signed is not in it. Keys are not in it, for only their digests are kept; nor are models, which have their own commands.
public final class Export {
    /// Rises when an entry or a field changes its meaning.
    public static final int VERSION = 1;

    private static final int PAGE = 100;

    private final Ports ports;
    private final Clock clock;

    /// What it reads.
    public record Ports(
            Table table,
            Accounts accounts,
            Jobs jobs,
            Files files,
            UserFiles userFiles,
            Webhooks webhooks) {}

    /// What there is of webhooks.
    public record Webhooks(WebhookSettings settings, Deliveries deliveries) {}

    public Export(Ports ports, Clock clock) {
        this.ports = ports;
        this.clock = clock;
    }

    /// How much there is in the archive.
    ///
    /// @param calls to the tenant's server
    /// @param bytes of all files, those among them that had been written before
    public record Written(
            long jobs, long history, long calls, long files, long userFiles, long bytes) {}

    /// Hears how far it is.
    public interface Progress {
        /// An entry is written, or some of a long one.
        void wrote(Written soFar);
    }

    /// Writes all of it. What changes meanwhile is in it or not.
    public Written write(String tenant, Archive archive, Progress progress) throws IOException {
        return new Run(tenant, archive, progress).write();
    }

    /// One export.
    private final class Run {
        private final String tenant;
        private final Archive archive;
        private final Progress progress;
        private long jobs;
        private long history;
        private long calls;
        private long files;
        private long userFiles;
        private long bytes;

        Run(String tenant, Archive archive, Progress progress) {
            this.tenant = tenant;
            this.archive = archive;
            this.progress = progress;
        }

        Written write() throws IOException {
            archive.write("jobs.jsonl", clock.instant(), this::writeJobs);
            archive.write("history.jsonl", clock.instant(), this::writeHistory);
            archive.write("webhooks.jsonl", clock.instant(), this::writeCalls);
            for (FileType type : FileType.values()) {
                for (StoredFile file : ports.files().list(tenant, type)) {
                    write(file);
                }
            }
            for (String user : users()) {
                writeUser(user);
            }
            byte[] manifest = Json.writeBytes(manifest());
            archive.write("manifest.json", clock.instant(), out -> out.write(manifest));
            return written();
        }

        private Written written() {
            return new Written(jobs, history, calls, files, userFiles, bytes);
        }

        private void writeJobs(OutputStream out) throws IOException {
            QueueView queue = ports.jobs().queue(tenant);
            for (QueuedJob job : queue.running()) {
                line(out, job(job).put("status", "running"));
                jobs++;
            }
            for (QueuedJob job : queue.pending()) {
                line(out, job(job).put("status", "pending"));
                jobs++;
            }
            progress.wrote(written());
        }

        private void writeHistory(OutputStream out) throws IOException {
            List<HistoryEntry> page = ports.jobs().history(tenant, PAGE, 0);
            while (!page.isEmpty()) {
                for (HistoryEntry entry : page) {
                    line(out, ended(entry));
                }
                history += page.size();
                progress.wrote(written());
                page = ports.jobs().history(tenant, PAGE, Math.toIntExact(history));
            }
        }

        private void writeCalls(OutputStream out) {
            ports.webhooks().deliveries().each(tenant, call -> writeCall(out, call));
            progress.wrote(written());
        }

        private void writeCall(OutputStream out, Delivery call) {
            try {
                line(out, call(call));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            calls++;
        }

        private void write(StoredFile file) throws IOException {
            String folder = file.ref().subfolder();
            String name =
                    "files/"
                            + file.ref().type().word()
                            + "/"
                            + (folder.isEmpty() ? "" : folder + "/")
                            + file.ref().name();
            if (!archive.has(name, file.size(), file.modified())) {
                Optional<InputStream> content = open(file);
                if (content.isEmpty()) {
                    return;
                }
                try (InputStream in = content.get()) {
                    archive.write(name, file.modified(), in::transferTo);
                }
            }
            files++;
            bytes += file.size();
            progress.wrote(written());
        }

        /// Empty for what was deleted or replaced since it was listed.
        private Optional<InputStream> open(StoredFile file) {
            try {
                return Optional.of(ports.files().read(tenant, file, 0));
            } catch (UncheckedIOException e) {
                if (ports.files().find(tenant, file.ref()).filter(file::equals).isPresent()) {
                    throw e;
                }
                return Optional.empty();
            }
        }

        private void writeUser(String encoded) throws IOException {
            UserFiles.User user =
                    new UserFiles.User(tenant, URLDecoder.decode(encoded, StandardCharsets.UTF_8));
            for (UserFiles.UserFile file : ports.userFiles().list(user, "")) {
                String name = "userdata/" + folder(user.id(), encoded) + "/" + file.path();
                if (!archive.has(name, file.size(), file.modified())) {
                    Optional<byte[]> content = ports.userFiles().read(user, file.path());
                    if (content.isEmpty()) {
                        continue;
                    }
                    archive.write(name, file.modified(), out -> out.write(content.get()));
                }
                userFiles++;
                bytes += file.size();
                progress.wrote(written());
            }
        }

        /// Everybody who has kept something, as their partitions name them.
        private Set<String> users() {
            String prefix = "U#" + tenant + "#";
            Set<String> users = new TreeSet<>();
            ports.table()
                    .scan(item -> {
                        String partition = item.key().partition();
                        if (partition.startsWith(prefix)) {
                            users.add(partition.substring(prefix.length()));
                        }
                    });
            return users;
        }

        private ObjectNode manifest() {
            ObjectNode json = Json.object().put("version", VERSION).put("tenant", tenant);
            json.put("exported", clock.instant().toString());
            Optional<Account> account = ports.accounts().find(tenant);
            account.ifPresent(known -> json.put("made", known.made().toString()));
            Limits own = account.map(Account::own).orElse(Limits.none());
            ObjectNode limits = json.putObject("limits");
            own.values().forEach((limit, value) -> limits.put(limit.word(), value));
            ports.webhooks()
                    .settings()
                    .target(tenant)
                    .ifPresent(target -> json.set("webhook", target(target)));
            ArrayNode usage = json.putArray("usage");
            for (Usage month : ports.accounts().usage(tenant)) {
                usage.addObject()
                        .put("month", month.month().toString())
                        .put("gpu_seconds", month.gpu().toMillis() / 1000.0)
                        .put("jobs", month.jobs());
            }
            return json.put("jobs", jobs)
                    .put("history", history)
                    .put("webhooks", calls)
                    .put("files", files)
                    .put("userdata", userFiles)
                    .put("bytes", bytes);
        }
    }

    /// A user's folder: its id, but as it is encoded where the id would be several folders or none.
    private static String folder(String id, String encoded) {
        boolean plain = !id.contains("/") && !id.contains("\\") && !id.matches("\\.{1,2}");
        return plain ? id : encoded.replace(".", "%2E");
    }

    private static ObjectNode ended(HistoryEntry entry) {
        ObjectNode json = job(entry.job());
        json.put("status", entry.result().end().name().toLowerCase(Locale.ROOT));
        json.put("client_id", entry.clientId());
        json.put("ended", entry.ended().toEpochMilli());
        json.set("outputs", entry.result().outputs());
        json.set("messages", entry.result().messages());
        json.set("meta", entry.result().meta());
        return json;
    }

    private static ObjectNode call(Delivery call) {
        ObjectNode json = Json.object().put("id", call.id());
        json.put("event", call.task().event().word()).put("prompt_id", call.task().promptId());
        json.put("state", call.state().name().toLowerCase(Locale.ROOT)).put("tries", call.tries());
        json.put("last_try", call.at().toEpochMilli()).put("answer", call.answer());
        json.set("payload", Json.read(call.payload()));
        return json;
    }

    private static ObjectNode target(WebhookTarget target) {
        ObjectNode json = Json.object().put("url", target.url().toString());
        ArrayNode events = json.putArray("events");
        EnumSet.copyOf(target.events()).forEach(event -> events.add(event.word()));
        return json;
    }

    private static ObjectNode job(QueuedJob job) {
        ObjectNode json = Json.object().put("prompt_id", job.promptId());
        json.put("number", job.number()).put("created", job.created().toEpochMilli());
        json.set("prompt", job.body().prompt());
        json.set("extra_data", job.body().extraData());
        ArrayNode targets = json.putArray("outputs_to_execute");
        job.body().outputsToExecute().forEach(targets::add);
        return json;
    }

    private static void line(OutputStream out, ObjectNode json) throws IOException {
        out.write((Json.write(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
