package comfyserverless.handlers.extension;

import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
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
    private final String name;
    private final Server server;
    private final HandlerPorts ports;

    OneTenant(String name, Server server) {
        this.name = name;
        this.server = server;
        this.ports = server.ports();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TenantJobs jobs() {
        return new OwnJobs(name, ports.jobs(), server);
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
