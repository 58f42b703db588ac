package comfyserverless.localstack.files;

import comfyserverless.contract.file.FileNames;
import comfyserverless.contract.file.UserFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One user's files in a folder, such as `user/default` of an existing ComfyUI, read and written in
/// place; those of all other users are kept elsewhere.
public final class FolderUserFiles implements UserFiles {
    private final String owner;
    private final Path folder;
    private final UserFiles others;

    /// @param owner the id of the user whose folder it is
    public FolderUserFiles(String owner, Path folder, UserFiles others) {
        this.owner = owner;
        this.folder = folder;
        this.others = others;
    }

    private boolean isOwner(User user) {
        return user.id().equals(owner);
    }

    private Path place(String path) {
        FileNames.checkPath(path);
        return folder.resolve(path);
    }

    @Override
    public Optional<byte[]> read(User user, String path) {
        if (!isOwner(user)) {
            return others.read(user, path);
        }
        Path file = place(path);
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(Files.readAllBytes(file))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    @Override
    public Optional<UserFile> find(User user, String path) {
        if (!isOwner(user)) {
            return others.find(user, path);
        }
        Path file = place(path);
        return Files.isRegularFile(file) ? Optional.of(described(file)) : Optional.empty();
    }

    @Override
    public UserFile write(User user, String path, byte[] bytes) {
        if (!isOwner(user)) {
            return others.write(user, path, bytes);
        }
        Path file = place(path);
        try {
            Files.createDirectories(file.getParent());
            Path whole = file.resolveSibling("." + file.getFileName() + ".new");
            Files.write(whole, bytes);
            Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
            return described(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public Optional<UserFile> writeIfAbsent(User user, String path, byte[] bytes) {
        if (!isOwner(user)) {
            return others.writeIfAbsent(user, path, bytes);
        }
        Path file = place(path);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
            return Optional.of(described(file));
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public boolean delete(User user, String path) {
        if (!isOwner(user)) {
            return others.delete(user, path);
        }
        Path file = place(path);
        try {
            return Files.isRegularFile(file) && Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    @Override
    public Optional<UserFile> move(User user, String from, String to, boolean overwrite) {
        if (!isOwner(user)) {
            return others.move(user, from, to, overwrite);
        }
        Path source = place(from);
        Path target = place(to);
        if (!Files.isRegularFile(source) || (Files.exists(target) && !overwrite)) {
            return Optional.empty();
        }
        CopyOption[] options =
                overwrite
                        ? new CopyOption[] {StandardCopyOption.REPLACE_EXISTING}
                        : new CopyOption[0];
        try {
            Files.createDirectories(target.getParent());
            Files.move(source, target, options);
            return Optional.of(described(target));
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move " + source + " to " + target, e);
        }
    }

    @Override
    public List<UserFile> list(User user, String prefix) {
        if (!isOwner(user)) {
            return others.list(user, prefix);
        }
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(this::described)
                    .filter(file -> file.path().startsWith(prefix))
                    .sorted(Comparator.comparing(UserFile::path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private UserFile described(Path file) {
        try {
            String path = folder.relativize(file).toString().replace('\\', '/');
            return new UserFile(
                    path, Files.size(file), Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + file, e);
        }
    }
}
