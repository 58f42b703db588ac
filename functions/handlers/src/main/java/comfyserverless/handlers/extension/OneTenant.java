package comfyserverless.handlers.extension;

import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobStatus;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.QueueView;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.routeapi.Tenant;
import comfyserverless.routeapi.TenantClients;
import comfyserverless.routeapi.TenantFiles;
import comfyserverless.routeapi.TenantJobs;
import comfyserverless.routeapi.TenantMailbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// The ports as far as one tenant's data go: a pack names prompts, files and clients, never a tenant.
final class OneTenant implements Tenant {
    private static final int NEWEST = -1;

    private final String name;
    private final HandlerPorts ports;

    OneTenant(String name, HandlerPorts ports) {
        this.name = name;
        this.ports = ports;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TenantJobs jobs() {
        return new OwnJobs(name, ports.jobs());
    }

    @Override
    public TenantFiles files() {
        return new OwnFiles(name, ports.files());
    }

    @Override
    public TenantClients clients() {
        return new OwnClients(
                name,
                ports.connections(),
                ports.post(),
                ports.settings().maxMessage(),
                Thread::sleep);
    }

    @Override
    public TenantMailbox mailbox() {
        return letter -> ports.mailbox().send(name, letter);
    }

    private record OwnJobs(String tenant, Jobs jobs) implements TenantJobs {
        @Override
        public QueueView queue() {
            return jobs.queue(tenant);
        }

        @Override
        public int remaining() {
            return jobs.queueRemaining(tenant);
        }

        @Override
        public List<String> running() {
            return jobs.running(tenant).stream().map(JobKey::promptId).toList();
        }

        @Override
        public Optional<JobStatus> status(String promptId) {
            return jobs.status(new JobKey(tenant, promptId));
        }

        @Override
        public Optional<HistoryEntry> history(String promptId) {
            return jobs.historyOf(new JobKey(tenant, promptId));
        }

        @Override
        public List<HistoryEntry> history(int most) {
            return jobs.history(tenant, most, NEWEST);
        }

        @Override
        public boolean cancel(String promptId) {
            return jobs.cancel(new JobKey(tenant, promptId));
        }
    }

    /// A file is always looked up by its name here: what a [StoredFile] says of where its bytes lie is
    /// not believed.
    private record OwnFiles(String tenant, Files files) implements TenantFiles {
        @Override
        public Optional<StoredFile> find(FileRef file) {
            return files.find(tenant, file);
        }

        @Override
        public List<StoredFile> list(FileType type) {
            return files.list(tenant, type);
        }

        @Override
        public Optional<byte[]> read(FileRef file) {
            return find(file).map(this::bytes);
        }

        private byte[] bytes(StoredFile file) {
            try (InputStream in = files.read(tenant, file, 0)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file.ref(), e);
            }
        }

        @Override
        public StoredFile put(FileRef file, byte[] bytes) {
            return files.put(tenant, file, bytes);
        }

        @Override
        public Optional<StoredFile> putIfAbsent(FileRef file, byte[] bytes) {
            return files.putIfAbsent(tenant, file, bytes);
        }

        @Override
        public boolean delete(FileRef file) {
            return files.delete(tenant, file);
        }
    }
}
