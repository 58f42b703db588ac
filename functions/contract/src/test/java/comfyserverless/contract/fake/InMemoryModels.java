package comfyserverless.contract.fake;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.ModelFolders;
import comfyserverless.contract.model.Models;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// [Models] in memory: everybody's, and each tenant's own.
public final class InMemoryModels implements Models {
    private final Map<ModelFile, byte[]> files = new LinkedHashMap<>();
    private final Map<String, InMemoryModels> tenants = new LinkedHashMap<>();

    /// What one tenant has beside everybody's.
    public InMemoryModels of(String tenant) {
        return tenants.computeIfAbsent(tenant, _ -> new InMemoryModels());
    }

    private Map<ModelFile, byte[]> seenBy(String tenant) {
        Map<ModelFile, byte[]> all = new LinkedHashMap<>(files);
        InMemoryModels own = tenants.get(tenant);
        if (own != null) {
            all.putAll(own.files);
        }
        return all;
    }

    public InMemoryModels with(String folder, String name, byte[] bytes) {
        files.put(new ModelFile(folder, name, 0, bytes.length, Instant.EPOCH), bytes.clone());
        return this;
    }

    @Override
    public List<String> folders() {
        return List.copyOf(ModelFolders.all().keySet());
    }

    @Override
    public List<ModelFile> list(String tenant, String folder) {
        ModelFolders.Folder rules = ModelFolders.all().get(folder);
        return seenBy(tenant).keySet().stream()
                .filter(file -> file.folder().equals(folder))
                .filter(file -> rules != null && rules.shows(file.name()))
                .sorted(Comparator.comparing(ModelFile::name, ModelFile.NAME_ORDER))
                .toList();
    }

    @Override
    public Optional<ModelFile> find(String tenant, String folder, String name) {
        String wanted = name.replace('\\', '/');
        return list(tenant, folder).stream().filter(file -> file.name().equals(wanted)).findFirst();
    }

    @Override
    public List<ModelFile> beside(String tenant, String folder, int root, String stem) {
        return seenBy(tenant).keySet().stream()
                .filter(file -> file.folder().equals(folder) && file.root() == root)
                .filter(file -> file.name().startsWith(stem + "."))
                .filter(file -> file.name().indexOf('/', stem.length()) < 0)
                .sorted(Comparator.comparing(ModelFile::name, ModelFile.NAME_ORDER))
                .toList();
    }

    @Override
    public InputStream read(String tenant, ModelFile file, long from, long length) {
        byte[] bytes = bytes(tenant, file);
        int start = (int) Math.min(from, bytes.length);
        int count = (int) Math.min(length, bytes.length - start);
        return new ByteArrayInputStream(bytes, start, count);
    }

    @Override
    public Path local(String tenant, ModelFile file, FetchProgress progress) {
        byte[] bytes = bytes(tenant, file);
        try {
            Path local = Files.createTempFile("model", ".safetensors");
            local.toFile().deleteOnExit();
            Files.write(local, bytes);
            progress.fetched(bytes.length, bytes.length);
            return local;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a temporary copy of " + file, e);
        }
    }

    private byte[] bytes(String tenant, ModelFile file) {
        byte[] bytes = seenBy(tenant).get(file);
        if (bytes == null) {
            throw new UncheckedIOException(new FileNotFoundException("no model file " + file));
        }
        return bytes;
    }

    /// The names that are there, for messages of tests.
    public List<String> names() {
        return new ArrayList<>(files.keySet().stream().map(ModelFile::name).toList());
    }
}
