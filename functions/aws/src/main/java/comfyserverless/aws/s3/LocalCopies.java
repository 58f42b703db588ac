package comfyserverless.aws.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Fetched model files in a folder of bounded size: what was used longest ago goes first. A file that goes is
/// only unlinked, so whoever has it mapped keeps it.
final class LocalCopies {
    private final Path folder;
    private final long mostBytes;
    private final Clock clock;

    /// @param mostBytes what all files together may take; a single larger file is kept while it is the newest
    LocalCopies(Path folder, long mostBytes, Clock clock) {
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    Path folder() {
        return folder;
    }

    private record Copy(Path path, long size, FileTime used) {}

    /// Notes that a file is in use.
    void used(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    /// Removes the files used longest ago until `coming` more bytes fit.
    void makeRoom(long coming) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Copy> copies = copies();
        long taken = coming + copies.stream().mapToLong(Copy::size).sum();
        for (Copy copy : copies) {
            if (taken <= mostBytes) {
                return;
            }
            Files.deleteIfExists(copy.path());
            taken -= copy.size();
        }
    }

    /// The one used longest ago first.
    private List<Copy> copies() throws IOException {
        List<Copy> copies = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).map(LocalCopies::copy).forEach(copies::add);
        } catch (UncheckedIOException e) {
            throw new IOException("cannot list " + folder, e);
        }
        copies.sort(Comparator.comparing(Copy::used));
        return copies;
    }

    private static Copy copy(Path file) {
        try {
            return new Copy(file, Files.size(file), Files.getLastModifiedTime(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
