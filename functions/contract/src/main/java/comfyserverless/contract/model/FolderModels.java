package comfyserverless.contract.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// [Models] of ComfyUI's own folders, read in place and shared by all tenants: subfolders and links
/// are followed, `.git` is not, and of two files of one name the earlier root's counts
/// (get_filename_list, ComfyUI 0.3.64).
public final class FolderModels implements Models {
    private static final String HIDDEN = ".git";

    private final Map<String, List<Path>> roots;

    /// @param roots for each folder the directories that hold it, the first one first
    public FolderModels(Map<String, List<Path>> roots) {
        Map<String, List<Path>> copy = new LinkedHashMap<>();
        roots.forEach((folder, paths) -> copy.put(folder, List.copyOf(paths)));
        this.roots = copy;
    }

    /// The folders of one `models` directory as ComfyUI lays them out.
    public static FolderModels of(Path models) {
        return new FolderModels(roots(models));
    }

    /// The directories of [ModelFolders] below a `models` directory: what a caller with further ones
    /// (extra_model_paths.yaml) begins with.
    public static Map<String, List<Path>> roots(Path models) {
        Map<String, List<Path>> roots = new LinkedHashMap<>();
        for (ModelFolders.Folder folder : ModelFolders.all().values()) {
            roots.put(folder.name(), folder.places().stream().map(models::resolve).toList());
        }
        return roots;
    }

    @Override
    public List<String> folders() {
        return List.copyOf(roots.keySet());
    }

    @Override
    public List<ModelFile> list(String tenant, String folder) {
        Map<String, ModelFile> files = new TreeMap<>(ModelFile.NAME_ORDER);
        List<Path> paths = roots.getOrDefault(folder, List.of());
        for (int root = 0; root < paths.size(); root++) {
            for (ModelFile file : files(folder, root, paths.get(root))) {
                files.putIfAbsent(file.name(), file);
            }
        }
        return List.copyOf(files.values());
    }

    private static List<ModelFile> files(String folder, int root, Path directory) {
        List<ModelFile> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        ModelFolders.Folder known = ModelFolders.all().get(folder);
        try {
            Files.walkFileTree(
                    directory,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new Visitor(directory) {
                        @Override
                        void found(String name, BasicFileAttributes attributes) {
                            if (known == null || known.shows(name)) {
                                files.add(
                                        new ModelFile(
                                                folder,
                                                name,
                                                root,
                                                attributes.size(),
                                                attributes.lastModifiedTime().toInstant()));
                            }
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the models in " + directory, e);
        }
        return files;
    }

    /// Passes over what cannot be read (and links that lead back to where they are).
    private abstract static class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;

        Visitor(Path root) {
            this.root = root;
        }

        abstract void found(String name, BasicFileAttributes attributes);

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.endsWith(HIDDEN)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isDirectory()) {
                found(slashed(root.relativize(file)), attributes);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }

    private static String slashed(Path path) {
        List<String> parts = new ArrayList<>();
        path.forEach(part -> parts.add(part.toString()));
        return String.join("/", parts);
    }

    @Override
    public Optional<ModelFile> find(String tenant, String folder, String name) {
        String wanted = name.replace('\\', '/');
        return list(tenant, folder).stream().filter(file -> file.name().equals(wanted)).findFirst();
    }

    @Override
    public List<ModelFile> beside(String tenant, String folder, int root, String stem) {
        List<Path> paths = roots.getOrDefault(folder, List.of());
        int slash = stem.lastIndexOf('/');
        if (root < 0 || root >= paths.size() || stem.contains("..")) {
            return List.of();
        }
        Path directory = paths.get(root).resolve(stem.substring(0, Math.max(slash, 0)));
        List<ModelFile> files = new ArrayList<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(directory, Files::isRegularFile)) {
            for (Path file : found) {
                String name = stem.substring(0, slash + 1) + file.getFileName();
                if (name.startsWith(stem + ".")) {
                    files.add(
                            new ModelFile(
                                    folder,
                                    name,
                                    root,
                                    Files.size(file),
                                    Files.getLastModifiedTime(file).toInstant()));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        files.sort(Comparator.comparing(ModelFile::name, ModelFile.NAME_ORDER));
        return files;
    }

    private Path path(ModelFile file) {
        List<Path> paths = roots.getOrDefault(file.folder(), List.of());
        if (file.root() < 0 || file.root() >= paths.size()) {
            throw new IllegalArgumentException("no such root: " + file);
        }
        return paths.get(file.root()).resolve(file.name());
    }

    @Override
    public InputStream read(String tenant, ModelFile file, long from, long length) {
        Path path = path(file);
        try {
            SeekableByteChannel channel = Files.newByteChannel(path);
            channel.position(from);
            return new Bounded(Channels.newInputStream(channel), Math.max(0, length));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model " + path, e);
        }
    }

    @Override
    public Path local(String tenant, ModelFile file, FetchProgress progress) {
        return path(file);
    }

    /// The first bytes of another stream.
    private static final class Bounded extends InputStream {
        private final InputStream stream;
        private long left;

        Bounded(InputStream stream, long most) {
            this.stream = stream;
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0 && count > 0) {
                return -1;
            }
            int read = stream.read(bytes, offset, (int) Math.min(count, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
