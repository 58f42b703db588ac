package comfyserverless.aws.s3;

import comfyserverless.contract.model.Models.FetchProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Fetched model files in a folder of bounded size, on a disk that never gets full by them: what was used longest
/// ago goes first. A file that goes is only unlinked, so whoever has it mapped keeps it. A file has its name once it is whole; who wants one that
/// another thread is fetching waits for that.
final class LocalCopies {
    private static final String PART = ".part";

    /// A part that nobody has written to for so long belongs to a process that is gone.
    private static final Duration ABANDONED = Duration.ofHours(1);

    /// What stays free of the disk, for pictures and logs.
    static final long LEFT_FREE = 1L << 30;

    private final Path folder;
    private final long mostBytes;
    private final Clock clock;
    private final LongSupplier freeBytes;
    private final Map<Path, ReentrantLock> locks = new ConcurrentHashMap<>();

    /// How many bytes are still to come, by the file that they are for.
    private final Map<Path, Long> coming = new HashMap<>();

    /// @param mostBytes what all files together may take; a single larger file is kept while it is the newest
    /// @param freeBytes of the folder's disk
    LocalCopies(Path folder, long mostBytes, Clock clock, LongSupplier freeBytes) {
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.freeBytes = freeBytes;
    }

    /// On the disk that the folder is on.
    LocalCopies(Path folder, long mostBytes, Clock clock) {
        this(folder, mostBytes, clock, () -> free(folder));
    }

    private static long free(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot see how much of the disk of " + folder + " is free", e);
        }
    }

    private record Copy(Path path, long size, FileTime used) {}

    /// The file at that place below the folder, fetched if it is not there.
    Path get(Path place, Fetch fetch, FetchProgress progress) {
        Path file = folder.resolve(place);
        ReentrantLock lock = locks.computeIfAbsent(file, f -> new ReentrantLock());
        lock.lock();
        try {
            if (!Files.exists(file)) {
                fetch(file, fetch, progress);
            }
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot fetch " + fetch.name() + " to " + file, e);
        } finally {
            lock.unlock();
        }
    }

    private void fetch(Path file, Fetch fetch, FetchProgress progress) throws IOException {
        makeRoom(file, fetch.size());
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "fetch", PART);
        try {
            fetch.into(part, progress);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
            synchronized (coming) {
                coming.remove(file);
            }
        }
    }

    /// Removes the files used longest ago until so many more bytes fit, beside those that are on their way.
    private void makeRoom(Path file, long bytes) throws IOException {
        synchronized (coming) {
            coming.put(file, bytes);
            if (!Files.isDirectory(folder)) {
                return;
            }
            List<Copy> copies = copies();
            long taken = coming.values().stream().mapToLong(Long::longValue).sum();
            taken += copies.stream().mapToLong(Copy::size).sum();
            long free = freeBytes.getAsLong();
            for (Copy copy : copies) {
                if (taken <= mostBytes && free - bytes >= LEFT_FREE) {
                    return;
                }
                Files.deleteIfExists(copy.path());
                taken -= copy.size();
                free += copy.size();
            }
        }
    }

    /// The whole ones, the one used longest ago first.
    private List<Copy> copies() throws IOException {
        List<Copy> copies = new ArrayList<>();
        List<Path> found;
        try (Stream<Path> files = Files.walk(folder)) {
            found = files.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException e) {
            throw new IOException("cannot list " + folder, e);
        }
        for (Path file : found) {
            Optional<Copy> copy = copy(file);
            if (!file.getFileName().toString().endsWith(PART)) {
                copy.ifPresent(copies::add);
            } else if (copy.filter(this::isAbandoned).isPresent()) {
                Files.deleteIfExists(file);
            }
        }
        copies.sort(Comparator.comparing(Copy::used));
        return copies;
    }

    /// Empty if another process has just taken it away.
    private static Optional<Copy> copy(Path file) throws IOException {
        try {
            return Optional.of(new Copy(file, Files.size(file), Files.getLastModifiedTime(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private boolean isAbandoned(Copy part) {
        return part.used().toInstant().isBefore(clock.instant().minus(ABANDONED));
    }
}
