package comfyserverless.contract.tenant;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// An [Archive] that is a folder. What an export that broke off has written stays, and the next one goes on: a file of
/// the same size and time is the same.
public final class FolderArchive implements Archive {
    private static final String UNFINISHED = ".export.part";

    private final Path folder;

    /// @param folder made if there is none
    public FolderArchive(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    private Path path(String name) {
        Path path = folder.resolve(name).normalize();
        if (!path.startsWith(folder) || path.equals(folder)) {
            throw new IllegalArgumentException(
                    "the entry " + name + " would lie outside of " + folder);
        }
        return path;
    }

    @Override
    public boolean has(String name, long size, Instant modified) throws IOException {
        Path file = path(name);
        return Files.isRegularFile(file)
                && Files.size(file) == size
                && Files.getLastModifiedTime(file).toInstant().equals(seconds(modified));
    }

    /// Every file system keeps seconds.
    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /// Written beside its place, and put there when it is whole.
    @Override
    public void write(String name, Instant modified, Content content) throws IOException {
        Path file = path(name);
        Files.createDirectories(folder);
        Path part = folder.resolve(UNFINISHED);
        try (OutputStream out = Files.newOutputStream(part)) {
            content.writeTo(out);
        }
        Files.setLastModifiedTime(part, FileTime.from(seconds(modified)));
        try {
            Files.createDirectories(file.getParent());
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    file + " is a file here and a folder there: a zip can hold both", e);
        }
    }
}
