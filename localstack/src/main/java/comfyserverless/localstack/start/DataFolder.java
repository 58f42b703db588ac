package comfyserverless.localstack.start;

import comfyserverless.aws.AwsSettings;
import comfyserverless.aws.SettingsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The folder that holds all state of a local stack, locked while this process uses it. The lock ends with the process,
/// however it ends.
public final class DataFolder implements AutoCloseable {
    private static final int MAX_NOTE = 64;

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Makes the folder when missing and locks it.
    public static DataFolder lock(Path path) {
        Path file = path.resolve("lock");
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String owner = note(channel);
                channel.close();
                throw new CannotStart(
                        "The data folder "
                                + path
                                + " is in use by "
                                + (owner.isEmpty() ? "another process" : "process " + owner)
                                + ": stop that one, or give this one another folder with --data DIR.");
            }
            writeNote(channel, Long.toString(ProcessHandle.current().pid()));
            return new DataFolder(path, channel);
        } catch (IOException e) {
            throw new CannotStart(
                    "The data folder "
                            + path
                            + " cannot be used ("
                            + e
                            + "): give another with --data DIR.",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            // Only a byte far behind the note is locked, so that others can read it on every
            // system.
            return channel.tryLock(MAX_NOTE, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String note(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_NOTE);
        int read = channel.read(buffer, 0);
        return read <= 0
                ? ""
                : new String(buffer.array(), 0, read, StandardCharsets.US_ASCII).strip();
    }

    private static void writeNote(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        int written = channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
        assert written == text.length();
    }

    public Path path() {
        return path;
    }

    public Path dynamoFile() {
        return path.resolve("dynamo.mv");
    }

    public Path queueFile() {
        return path.resolve("queue.mv");
    }

    public Path objects() {
        return path.resolve("s3");
    }

    /// Leaves word of how other programs of this user reach the stores, until what is returned is closed.
    ///
    /// @param modelsFolder where models are read instead of the bucket; null for the bucket
    /// @param webhookLoopback whether webhooks may call this machine
    public AutoCloseable tell(
            AwsSettings stores, @Nullable Path modelsFolder, boolean webhookLoopback)
            throws IOException {
        Path file = path.resolve(SettingsFile.NAME);
        SettingsFile.write(file, stores, new SettingsFile.OwnWays(modelsFolder, webhookLoopback));
        return () -> Files.deleteIfExists(file);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("the lock of " + path + " could not be given back", e);
        }
    }
}
