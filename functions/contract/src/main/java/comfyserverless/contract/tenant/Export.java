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
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// All that a tenant has, as one zip:
///
/// - `jobs.jsonl`: what waits and runs, `history.jsonl`: what ended, one JSON object a line
/// - `files/{input|output|temp}/{subfolder}/{name}`
/// - `userdata/{user}/{path}`, workflows and settings among them
/// - `manifest.json`, the last entry: whose it is, when it was made, limits, usage, how much of each
///
/// Keys are not in it, for only their digests are kept; nor are models, which have their own commands.
public final class Export {
    /// Rises when an entry or a field changes its meaning.
    public static final int VERSION = 1;

    private static final int PAGE = 100;

    private final Ports ports;
    private final Clock clock;

    /// What it reads.
    public record Ports(
            Table table, Accounts accounts, Jobs jobs, Files files, UserFiles userFiles) {}

    public Export(Ports ports, Clock clock) {
        this.ports = ports;
        this.clock = clock;
    }

    /// How much was written.
    public record Written(long jobs, long history, long files, long userFiles, long bytes) {}

    /// Writes the zip and leaves the stream open. What changes meanwhile is in it or not.
    public Written write(String tenant, OutputStream out) throws IOException {
        Archive archive = new Archive(new ZipOutputStream(out, StandardCharsets.UTF_8));
        long jobs = jobs(tenant, archive);
        long history = history(tenant, archive);
        long files = files(tenant, archive);
        long userFiles = userFiles(tenant, archive);
        Written written = new Written(jobs, history, files, userFiles, archive.bytes);
        archive.entry("manifest.json", Json.writeBytes(manifest(tenant, written)));
        archive.zip.finish();
        return written;
    }

    /// The zip and how many bytes went into its entries.
    private static final class Archive {
        private final ZipOutputStream zip;
        private long bytes;

        Archive(ZipOutputStream zip) {
            this.zip = zip;
        }

        void entry(String name, byte[] content) throws IOException {
            begin(name);
            line(content);
            zip.closeEntry();
        }

        void begin(String name) throws IOException {
            zip.putNextEntry(new ZipEntry(name));
        }

        void line(byte[] content) throws IOException {
            zip.write(content);
            bytes += content.length;
        }
    }

    private long jobs(String tenant, Archive archive) throws IOException {
        archive.begin("jobs.jsonl");
        QueueView queue = ports.jobs().queue(tenant);
        for (QueuedJob job : queue.running()) {
            line(archive, job(job).put("status", "running"));
        }
        for (QueuedJob job : queue.pending()) {
            line(archive, job(job).put("status", "pending"));
        }
        archive.zip.closeEntry();
        return (long) queue.running().size() + queue.pending().size();
    }

    private long history(String tenant, Archive archive) throws IOException {
        archive.begin("history.jsonl");
        long count = 0;
        List<HistoryEntry> page = ports.jobs().history(tenant, PAGE, 0);
        while (!page.isEmpty()) {
            for (HistoryEntry entry : page) {
                ObjectNode json = job(entry.job());
                json.put("status", entry.result().end().name().toLowerCase(java.util.Locale.ROOT));
                json.put("client_id", entry.clientId());
                json.put("ended", entry.ended().toEpochMilli());
                json.set("outputs", entry.result().outputs());
                json.set("messages", entry.result().messages());
                json.set("meta", entry.result().meta());
                line(archive, json);
            }
            count += page.size();
            page = ports.jobs().history(tenant, PAGE, (int) count);
        }
        archive.zip.closeEntry();
        return count;
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

    private static void line(Archive archive, ObjectNode json) throws IOException {
        archive.line((Json.write(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private long files(String tenant, Archive archive) throws IOException {
        long count = 0;
        for (FileType type : FileType.values()) {
            for (StoredFile file : ports.files().list(tenant, type)) {
                String folder = file.ref().subfolder();
                archive.begin(
                        "files/"
                                + type.word()
                                + "/"
                                + (folder.isEmpty() ? "" : folder + "/")
                                + file.ref().name());
                try (InputStream in = ports.files().read(tenant, file, 0)) {
                    archive.bytes += in.transferTo(archive.zip);
                }
                archive.zip.closeEntry();
                count++;
            }
        }
        return count;
    }

    private long userFiles(String tenant, Archive archive) throws IOException {
        long count = 0;
        for (String id : users(tenant)) {
            UserFiles.User user = new UserFiles.User(tenant, id);
            for (UserFiles.UserFile file : ports.userFiles().list(user, "")) {
                byte[] bytes = ports.userFiles().read(user, file.path()).orElse(new byte[0]);
                archive.entry("userdata/" + id + "/" + file.path(), bytes);
                count++;
            }
        }
        return count;
    }

    /// Everybody who has kept something.
    private Set<String> users(String tenant) {
        String prefix = "U#" + tenant + "#";
        Set<String> users = new TreeSet<>();
        ports.table()
                .scan(item -> {
                    String partition = item.key().partition();
                    if (partition.startsWith(prefix)) {
                        users.add(
                                URLDecoder.decode(
                                        partition.substring(prefix.length()),
                                        StandardCharsets.UTF_8));
                    }
                });
        return users;
    }

    private ObjectNode manifest(String tenant, Written written) {
        ObjectNode json = Json.object().put("version", VERSION).put("tenant", tenant);
        json.put("exported", clock.instant().toString());
        ports.accounts()
                .find(tenant)
                .map(Account::made)
                .ifPresent(at -> json.put("made", at.toString()));
        Limits own = ports.accounts().find(tenant).map(Account::own).orElse(Limits.none());
        ObjectNode limits = json.putObject("limits");
        own.values().forEach((limit, value) -> limits.put(limit.word(), value));
        ArrayNode usage = json.putArray("usage");
        for (Usage month : ports.accounts().usage(tenant)) {
            usage.addObject()
                    .put("month", month.month().toString())
                    .put("gpu_seconds", month.gpu().toMillis() / 1000.0)
                    .put("jobs", month.jobs());
        }
        return json.put("jobs", written.jobs())
                .put("history", written.history())
                .put("files", written.files())
                .put("userdata", written.userFiles())
                .put("bytes", written.bytes());
    }
}
