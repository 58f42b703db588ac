package comfyserverless.localstack.files;

import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Brings the files of a folder into a tenant's inputs, with their subfolders. What is there already, of the same size
/// and no older, is left.
public final class InputImport {
    private static final System.Logger LOG = System.getLogger(InputImport.class.getName());

    private final Files files;
    private final String tenant;

    public InputImport(Files files, String tenant) {
        this.files = files;
        this.tenant = tenant;
    }

    /// How many files were brought in.
    public int run(Path folder) {
        int imported = 0;
        for (Path file : filesOf(folder)) {
            if (bring(folder, file)) {
                imported++;
            }
        }
        return imported;
    }

    private static List<Path> filesOf(Path folder) {
        try (Stream<Path> paths = java.nio.file.Files.walk(folder)) {
            return paths.filter(java.nio.file.Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the inputs in " + folder, e);
        }
    }

    private boolean bring(Path folder, Path file) {
        Path relative = folder.relativize(file);
        String subfolder =
                relative.getParent() == null
                        ? ""
                        : relative.getParent().toString().replace('\\', '/');
        try {
            FileRef ref = new FileRef(FileType.INPUT, subfolder, relative.getFileName().toString());
            Optional<StoredFile> known = files.find(tenant, ref);
            if (known.isPresent() && isCurrent(known.get(), file)) {
                return false;
            }
            StoredFile stored = files.put(tenant, ref, java.nio.file.Files.readAllBytes(file));
            LOG.log(System.Logger.Level.DEBUG, "imported {0}", stored.ref());
            return true;
        } catch (IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is no name for an input: {1}",
                    relative,
                    e.getMessage());
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static boolean isCurrent(StoredFile known, Path file) throws IOException {
        return known.size() == java.nio.file.Files.size(file)
                && !known.modified()
                        .isBefore(java.nio.file.Files.getLastModifiedTime(file).toInstant());
    }
}
