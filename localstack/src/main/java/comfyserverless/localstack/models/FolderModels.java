package comfyserverless.localstack.models;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.ModelFolders;
import comfyserverless.contract.model.Models;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// [Models] of one folder laid out as ComfyUI's `models/`, read in place: links inside are followed, nothing is copied,
/// and every tenant sees the same files.
public final class FolderModels implements Models {
    private final Path root;

    public FolderModels(Path root) {
        this.root = root.toAbsolutePath().normalize();
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
        List<ModelFile> files = new ArrayList<>();
        for (int place = 0; place < rules.places().size(); place++) {
            files.addAll(filesBelow(rules, place));
        }
        files.sort(Comparator.comparing(ModelFile::name).thenComparingInt(ModelFile::root));
        return List.copyOf(files);
    }

    private List<ModelFile> filesBelow(ModelFolders.Folder rules, int place) {
        Path start = root.resolve(rules.places().get(place));
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(start, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(path ->
                            Files.isRegularFile(path) && rules.shows(path.getFileName().toString()))
                    .map(path -> describe(rules, place, start, path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the models in " + start, e);
        }
    }

    private static ModelFile describe(ModelFolders.Folder rules, int place, Path start, Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            String name = start.relativize(path).toString().replace('\\', '/');
            return new ModelFile(
                    rules.name(),
                    name,
                    place,
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the model " + path, e);
        }
    }

    @Override
    public Optional<ModelFile> find(String tenant, String folder, String name) {
        ModelFolders.Folder rules = ModelFolders.all().get(folder);
        String wanted = name.replace('\\', '/');
        if (rules == null || wanted.isEmpty() || !rules.shows(wanted)) {
            return Optional.empty();
        }
        for (int place = 0; place < rules.places().size(); place++) {
            Path start = root.resolve(rules.places().get(place));
            Path path = start.resolve(wanted).normalize();
            if (path.startsWith(start) && Files.isRegularFile(path)) {
                return Optional.of(describe(rules, place, start, path));
            }
        }
        return Optional.empty();
    }

    @Override
    public InputStream read(String tenant, ModelFile file, long from, long length) {
        Path path = path(file);
        try (FileChannel channel = FileChannel.open(path)) {
            if (length > Integer.MAX_VALUE) {
                InputStream whole = Files.newInputStream(path);
                whole.skipNBytes(from);
                return new BufferedInputStream(whole);
            }
            long there = Math.clamp(channel.size() - from, 0, length);
            ByteBuffer part = ByteBuffer.allocate((int) there);
            while (part.hasRemaining() && channel.read(part, from + part.position()) >= 0) {
                // reads on until the part is full or the file ends
            }
            return new ByteArrayInputStream(part.array(), 0, part.position());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model " + path, e);
        }
    }

    @Override
    public Path local(String tenant, ModelFile file, FetchProgress progress) {
        return path(file);
    }

    private Path path(ModelFile file) {
        ModelFolders.Folder rules = ModelFolders.all().get(file.folder());
        if (rules == null) {
            throw new IllegalArgumentException("no model folder " + file.folder());
        }
        return root.resolve(rules.places().get(file.root())).resolve(file.name());
    }
}
