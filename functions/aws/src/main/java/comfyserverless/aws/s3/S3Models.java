package comfyserverless.aws.s3;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.ModelFolders;
import comfyserverless.contract.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// [Models] in a bucket: `_shared/{folder}/{name}`, and `{tenant}/{folder}/{name}`, which hides a
/// shared file of the same name. Files that are needed whole are fetched once into a folder.
public final class S3Models implements Models {
    static final String SHARED = "_shared";
    private static final int CHUNK = 1 << 20;

    private final S3Client s3;
    private final String bucket;
    private final LocalCopies copies;

    /// @param cache the folder for fetched files
    /// @param mostBytes what they may take together
    public S3Models(S3Client s3, String bucket, Path cache, long mostBytes) {
        this.s3 = s3;
        this.bucket = bucket;
        this.copies = new LocalCopies(cache, mostBytes, Clock.systemUTC());
    }

    /// A tenant's own files come second, as a later root of ComfyUI's does.
    private static final List<String> ROOTS = List.of(SHARED, "");

    private static String owner(String tenant, int root) {
        return ROOTS.get(root).isEmpty() ? tenant : ROOTS.get(root);
    }

    private static String prefix(String tenant, int root, String folder) {
        return owner(tenant, root) + "/" + folder + "/";
    }

    private static String key(String tenant, ModelFile file) {
        return prefix(tenant, file.root(), file.folder()) + file.name();
    }

    @Override
    public List<String> folders() {
        return List.copyOf(ModelFolders.all().keySet());
    }

    @Override
    public List<ModelFile> list(String tenant, String folder) {
        ModelFolders.Folder rules = ModelFolders.all().get(folder);
        if (rules == null) {
            return List.of();
        }
        Map<String, ModelFile> files = new TreeMap<>(ModelFile.NAME_ORDER);
        for (int root = 0; root < ROOTS.size(); root++) {
            String prefix = prefix(tenant, root, folder);
            for (S3Object object : objects(prefix)) {
                String name = object.key().substring(prefix.length());
                if (!name.isEmpty() && !name.endsWith("/") && rules.shows(name)) {
                    files.put(
                            name,
                            new ModelFile(
                                    folder, name, root, object.size(), object.lastModified()));
                }
            }
        }
        return List.copyOf(files.values());
    }

    private List<S3Object> objects(String prefix) {
        return translated(
                () -> "cannot list s3://" + bucket + "/" + prefix,
                () ->
                        s3
                                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                                .contents()
                                .stream()
                                .toList());
    }

    @Override
    public Optional<ModelFile> find(String tenant, String folder, String name) {
        String wanted = name.replace('\\', '/');
        return list(tenant, folder).stream().filter(file -> file.name().equals(wanted)).findFirst();
    }

    @Override
    public List<ModelFile> beside(String tenant, String folder, int root, String stem) {
        if (root < 0 || root >= ROOTS.size()) {
            return List.of();
        }
        String prefix = prefix(tenant, root, folder);
        return objects(prefix + stem + ".").stream()
                .map(object ->
                        new ModelFile(
                                folder,
                                object.key().substring(prefix.length()),
                                root,
                                object.size(),
                                object.lastModified()))
                .filter(file -> file.name().indexOf('/', stem.length()) < 0)
                .sorted(Comparator.comparing(ModelFile::name, ModelFile.NAME_ORDER))
                .toList();
    }

    @Override
    public InputStream read(String tenant, ModelFile file, long from, long length) {
        if (length <= 0 || from >= file.size()) {
            return InputStream.nullInputStream();
        }
        String key = key(tenant, file);
        return translated(
                () -> "cannot read s3://" + bucket + "/" + key,
                () ->
                        s3.getObject(get ->
                                get.bucket(bucket)
                                        .key(key)
                                        .range("bytes=" + from + "-" + (from + length - 1))));
    }

    /// A fetched file is never changed: another version of the model has another time, thus another
    /// place.
    @Override
    public synchronized Path local(String tenant, ModelFile file, FetchProgress progress) {
        Path local =
                copies.folder()
                        .resolve(owner(tenant, file.root()))
                        .resolve(file.folder())
                        .resolve(file.modified().toEpochMilli() + "-" + file.size())
                        .resolve(file.name());
        try {
            if (Files.exists(local)) {
                copies.used(local);
                return local;
            }
            copies.makeRoom(file.size());
            Files.createDirectories(local.getParent());
            Path part = Files.createTempFile(local.getParent(), "fetch", ".part");
            fetch(tenant, file, part, progress);
            Files.move(part, local, StandardCopyOption.ATOMIC_MOVE);
            copies.used(local);
            return local;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot fetch " + file + " to " + local, e);
        }
    }

    private void fetch(String tenant, ModelFile file, Path part, FetchProgress progress)
            throws IOException {
        try (InputStream in = read(tenant, file, 0, file.size());
                OutputStream out = Files.newOutputStream(part)) {
            byte[] chunk = new byte[CHUNK];
            long fetched = 0;
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                out.write(chunk, 0, read);
                fetched += read;
                progress.fetched(fetched, file.size());
            }
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }
}
