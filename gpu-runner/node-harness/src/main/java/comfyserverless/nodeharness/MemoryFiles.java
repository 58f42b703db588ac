package comfyserverless.nodeharness;

import comfyserverless.contract.file.AnnotatedName;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.NodeFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Files in memory.
final class MemoryFiles implements NodeFiles, FolderLists {
    private static final String TENANT = "default";

    private final Map<FileRef, byte[]> given = new LinkedHashMap<>();
    private final Map<FileRef, byte[]> saved = new LinkedHashMap<>();
    private final Map<String, Long> counters = new ConcurrentHashMap<>();
    private final GivenModels models = new GivenModels();

    void put(FileRef ref, byte[] bytes) {
        given.put(ref, bytes);
    }

    /// What the node stored.
    synchronized Map<FileRef, byte[]> saved() {
        return Map.copyOf(saved);
    }

    private synchronized Optional<byte[]> find(String annotatedName) {
        Optional<FileRef> ref = AnnotatedName.parse(annotatedName);
        return ref.flatMap(r -> Optional.ofNullable(saved.get(r)))
                .or(() -> ref.flatMap(r -> Optional.ofNullable(given.get(r))));
    }

    @Override
    public boolean exists(String annotatedName) {
        return find(annotatedName).isPresent();
    }

    @Override
    public byte[] read(String annotatedName) {
        return find(annotatedName)
                .orElseThrow(() -> missing("No such file: '" + annotatedName + "'"));
    }

    private static NodeException missing(String message) {
        return new NodeException("FileNotFoundError", message);
    }

    @Override
    public synchronized void save(FileRef ref, byte[] bytes) {
        saved.put(ref, bytes);
    }

    @Override
    public long nextCounter(FileType type, String subfolder, String prefix) {
        return counters.merge(type + "/" + subfolder + "/" + prefix, 1L, Long::sum);
    }

    @Override
    public Path model(String folder, String name) {
        return models.find(TENANT, folder, name)
                .map(file -> models.local(TENANT, file, (fetched, of) -> {}))
                .orElseThrow(() -> missing("No model " + name + " in folder " + folder));
    }

    @Override
    public GivenModels models() {
        return models;
    }

    @Override
    public String tenant() {
        return TENANT;
    }

    @Override
    public List<String> models(String folder) {
        return models.list(TENANT, folder).stream().map(ModelFile::name).toList();
    }

    /// Of every kind: a harness knows no media types.
    @Override
    public List<String> inputs(List<String> kinds) {
        return given.keySet().stream()
                .filter(ref -> ref.type() == FileType.INPUT && ref.subfolder().isEmpty())
                .map(FileRef::name)
                .sorted()
                .toList();
    }
}
