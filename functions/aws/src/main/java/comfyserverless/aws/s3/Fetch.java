package comfyserverless.aws.s3;

import comfyserverless.contract.model.Models.FetchProgress;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Brings a large object to a file: several ranges at a time, since one stream of S3 is far slower than a
/// runner's network, and checked against its digest as they come.
///
/// @param name for messages
/// @param sha256 in lower-case hex; null leaves the content unchecked
record Fetch(String name, long size, @Nullable String sha256, Ranges ranges) {
    private static final int STREAMS = 8;
    private static final long RANGE = 32L << 20;
    private static final int BUFFER = 1 << 20;
    private static final int TRIES = 3;
    private static final long LOOK_MILLIS = 200;

    /// Opens a range of the object.
    interface Ranges {
        InputStream open(long from, long length) throws IOException;
    }

    /// Writes the object to the file.
    ///
    /// @param progress told on the caller's thread; what it throws ends the fetch
    void into(Path file, FetchProgress progress) throws IOException {
        BlockingQueue<Long> arrived = new LinkedBlockingQueue<>();
        ExecutorService streams =
                Executors.newFixedThreadPool(STREAMS, Thread.ofVirtual().factory());
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<Future<?>> parts = new ArrayList<>();
            for (long from = 0; from < size; from += RANGE) {
                long begin = from;
                long length = Math.min(RANGE, size - from);
                parts.add(
                        streams.submit(() -> {
                            fetch(channel, begin, length, arrived);
                            return null;
                        }));
            }
            MessageDigest digest = digest();
            long done = 0;
            long fetched = 0;
            for (Future<?> part : parts) {
                while (!part.isDone()) {
                    fetched = told(arrived, fetched, progress);
                }
                finished(part);
                done += update(digest, channel, done, Math.min(RANGE, size - done));
            }
            told(arrived, fetched, progress);
            check(digest);
        } finally {
            streams.shutdownNow();
            streams.close();
        }
    }

    private long told(BlockingQueue<Long> arrived, long fetched, FetchProgress progress)
            throws IOException {
        try {
            Long first = arrived.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            long sum = fetched + (first == null ? 0 : first);
            for (Long more = arrived.poll(); more != null; more = arrived.poll()) {
                sum += more;
            }
            progress.fetched(sum, size);
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the fetch of " + name + " was interrupted");
        }
    }

    private static void finished(Future<?> part) throws IOException {
        try {
            part.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void fetch(FileChannel channel, long from, long length, BlockingQueue<Long> arrived)
            throws IOException {
        long at = from;
        long end = from + length;
        IOException failure = null;
        for (int round = 0; round < TRIES && at < end; round++) {
            try (InputStream in = ranges.open(at, end - at)) {
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    write(channel, ByteBuffer.wrap(buffer, 0, read), at);
                    at += read;
                    arrived.add((long) read);
                }
            } catch (IOException e) {
                failure = e;
            } catch (UncheckedIOException e) {
                failure = e.getCause();
            }
        }
        if (at < end) {
            throw failure == null
                    ? new EOFException(name + " ended at byte " + at + " of " + size)
                    : failure;
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }

    private long update(MessageDigest digest, FileChannel channel, long from, long length)
            throws IOException {
        if (sha256 == null) {
            return length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (long at = from; at < from + length; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(BUFFER, from + length - at));
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, at + buffer.position()) < 0) {
                    throw new EOFException(name + " has lost bytes on the local disk");
                }
            }
            digest.update(buffer.flip());
        }
        return length;
    }

    private void check(MessageDigest digest) throws IOException {
        if (sha256 == null) {
            return;
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(sha256)) {
            throw new IOException(
                    name
                            + " has the SHA-256 "
                            + found
                            + ", its list says "
                            + sha256
                            + ": it was changed or damaged; push it again");
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
