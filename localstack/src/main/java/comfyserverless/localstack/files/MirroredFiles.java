package comfyserverless.localstack.files;

import comfyserverless.contract.file.Arrived;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.job.Claim;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// [Files] whose saved outputs also lie in a folder of the user, under their own names. The folder is a copy: what goes
/// wrong with it is logged and fails no job.
public final class MirroredFiles implements Files {
    private static final System.Logger LOG = System.getLogger(MirroredFiles.class.getName());

    private final Files files;
    private final Path folder;

    public MirroredFiles(Files files, Path folder) {
        this.files = files;
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public Optional<StoredFile> putOutput(Claim claim, FileRef ref, Path local) {
        Optional<StoredFile> stored = files.putOutput(claim, ref, local);
        if (stored.isPresent() && ref.type() == FileType.OUTPUT) {
            mirror(ref, local);
        }
        return stored;
    }

    private void mirror(FileRef ref, Path local) {
        Path target = folder.resolve(ref.subfolder()).resolve(ref.name()).normalize();
        if (!target.startsWith(folder)) {
            LOG.log(System.Logger.Level.WARNING, "{0} would lie outside of {1}", ref, folder);
            return;
        }
        try {
            java.nio.file.Files.createDirectories(target.getParent());
            Path part = java.nio.file.Files.createTempFile(target.getParent(), ".saving", ".part");
            java.nio.file.Files.copy(local, part, StandardCopyOption.REPLACE_EXISTING);
            java.nio.file.Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot copy " + ref + " to " + target, e);
        }
    }

    @Override
    public Optional<StoredFile> find(String tenant, FileRef ref) {
        return files.find(tenant, ref);
    }

    @Override
    public List<StoredFile> list(String tenant, FileType type) {
        return files.list(tenant, type);
    }

    @Override
    public List<StoredFile> list(String tenant, FileType type, String subfolder) {
        return files.list(tenant, type, subfolder);
    }

    @Override
    public InputStream read(String tenant, StoredFile file, long from) {
        return files.read(tenant, file, from);
    }

    @Override
    public StoredFile put(String tenant, FileRef ref, byte[] bytes) {
        return files.put(tenant, ref, bytes);
    }

    @Override
    public Optional<StoredFile> putIfAbsent(String tenant, FileRef ref, byte[] bytes) {
        return files.putIfAbsent(tenant, ref, bytes);
    }

    @Override
    public StoredFile adopt(String tenant, FileRef ref, Arrived arrived) {
        return files.adopt(tenant, ref, arrived);
    }

    @Override
    public Optional<StoredFile> adoptIfAbsent(String tenant, FileRef ref, Arrived arrived) {
        return files.adoptIfAbsent(tenant, ref, arrived);
    }

    @Override
    public boolean delete(String tenant, FileRef ref) {
        return files.delete(tenant, ref);
    }

    @Override
    public boolean deleteIfSame(String tenant, StoredFile seen) {
        return files.deleteIfSame(tenant, seen);
    }

    @Override
    public long nextCounter(String tenant, FileType type, String subfolder, String prefix) {
        return files.nextCounter(tenant, type, subfolder, prefix);
    }

    @Override
    public URI signedUrl(
            String tenant, StoredFile file, String contentType, String disposition, Duration life) {
        return files.signedUrl(tenant, file, contentType, disposition, life);
    }
}
