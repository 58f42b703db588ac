package comfyserverless.nodeharness;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Model files of this machine, under the names that a test gives them.
final class GivenModels implements Models {
    private final Map<String, TreeMap<String, Path>> folders = new LinkedHashMap<>();

    void add(String folder, String name, Path file) {
        folders.computeIfAbsent(folder, _ -> new TreeMap<>(ModelFile.NAME_ORDER)).put(name, file);
    }

    private Map<String, Path> in(String folder) {
        return folders.getOrDefault(folder, new TreeMap<>());
    }

    @Override
    public List<String> folders() {
        return List.copyOf(folders.keySet());
    }

    @Override
    public List<ModelFile> list(String tenant, String folder) {
        return in(folder).entrySet().stream()
                .map(file -> file(folder, file.getKey(), file.getValue()))
                .toList();
    }

    private static ModelFile file(String folder, String name, Path path) {
        try {
            return new ModelFile(
                    folder, name, 0, Files.size(path), Files.getLastModifiedTime(path).toInstant());
        } catch (IOException e) {
            throw new UncheckedIOException("the model " + name + " is not at " + path, e);
        }
    }

    @Override
    public Optional<ModelFile> find(String tenant, String folder, String name) {
        String slashed = name.replace('\\', '/');
        return list(tenant, folder).stream()
                .filter(file -> file.name().equals(slashed))
                .findFirst();
    }

    @Override
    public List<ModelFile> beside(String tenant, String folder, int root, String stem) {
        return list(tenant, folder).stream()
                .filter(file -> file.name().startsWith(stem + "."))
                .toList();
    }

    @Override
    public InputStream read(String tenant, ModelFile file, long from, long length) {
        Path path = local(tenant, file, (fetched, of) -> {});
        try (InputStream in = Files.newInputStream(path)) {
            in.skipNBytes(Math.min(from, file.size()));
            return new ByteArrayInputStream(
                    in.readNBytes((int) Math.min(length, Integer.MAX_VALUE)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model " + path, e);
        }
    }

    @Override
    public Path local(String tenant, ModelFile file, FetchProgress progress) {
        Path path = in(file.folder()).get(file.name());
        if (path == null) {
            throw new UncheckedIOException(new IOException("no model " + file.name()));
        }
        return path;
    }
}
