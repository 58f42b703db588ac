package comfyserverless.aws.s3;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.ModelFolders;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelScan;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.model.StoredModel;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// [Models] in a bucket: `_shared/{folder}/{name}`, and `{tenant}/{folder}/{name}`, which hides a
/// shared file of the same name. Files that are needed whole are fetched once into a folder.
public final class S3Models implements Models {
    private final ModelStore store;
    private final ModelScan scan;
    private final ListedModels listed;
    private final LocalCopies copies;

    /// @param index tells what is there
    /// @param scan finds what came by other ways
    /// @param cache the folder for fetched files
    /// @param mostBytes what they may take together
    public S3Models(
            ModelStore store, ModelIndex index, ModelScan scan, Path cache, long mostBytes) {
        this.store = store;
        this.scan = scan;
        this.listed = new ListedModels(store, index, Clock.systemUTC());
        this.copies = new LocalCopies(cache, mostBytes, Clock.systemUTC());
    }

    /// A tenant's own files come second, as a later root of ComfyUI's does.
    private static final List<String> ROOTS = List.of(ModelIndex.SHARED, "");

    private static String owner(String tenant, int root) {
        return ROOTS.get(root).isEmpty() ? tenant : ROOTS.get(root);
    }

    private static ModelStore.Place place(String tenant, ModelFile file) {
        return new ModelStore.Place(owner(tenant, file.root()), file.folder(), file.name());
    }

    private static ModelFile file(StoredModel stored, int root) {
        return new ModelFile(
                stored.folder(),
                stored.name(),
                root,
                stored.size(),
                stored.modified(),
                stored.sha256());
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
            for (StoredModel stored : listed.files(owner(tenant, root), folder)) {
                if (rules.shows(stored.name())) {
                    files.put(stored.name(), file(stored, root));
                }
            }
        }
        return List.copyOf(files.values());
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
        return listed.files(owner(tenant, root), folder).stream()
                .filter(stored -> stored.name().startsWith(stem + "."))
                .filter(stored -> stored.name().indexOf('/', stem.length()) < 0)
                .map(stored -> file(stored, root))
                .sorted(Comparator.comparing(ModelFile::name, ModelFile.NAME_ORDER))
                .toList();
    }

    @Override
    public InputStream read(String tenant, ModelFile file, long from, long length) {
        if (length <= 0 || from >= file.size()) {
            return InputStream.nullInputStream();
        }
        return store.read(place(tenant, file), from, length);
    }

    /// A fetched file is never changed: another version of the model has another time, thus another
    /// place.
    @Override
    public Path local(String tenant, ModelFile file, FetchProgress progress) {
        ModelStore.Place place = place(tenant, file);
        Path local =
                Path.of(place.owner(), place.folder())
                        .resolve(file.modified().toEpochMilli() + "-" + file.size())
                        .resolve(place.name());
        Fetch fetch =
                new Fetch(
                        place.key(),
                        file.size(),
                        file.sha256(),
                        (from, length) -> store.read(place, from, length));
        return copies.get(local, fetch, progress);
    }

    @Override
    public void refresh() {
        scan.runIfDue();
    }
}
