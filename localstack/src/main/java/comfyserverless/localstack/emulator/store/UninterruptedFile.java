package comfyserverless.localstack.emulator.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/// Files of H2 that stay open when a thread is interrupted while it reads or writes. The JDK closes an interrupted
/// thread's [FileChannel], and with it the store of everybody; a request that is given up does that to the thread
/// which makes it. It is public because H2 makes more of them.
public final class UninterruptedFile extends FilePathWrapper {
    private static final String SCHEME = "uninterrupted";

    static {
        FilePath.register(new UninterruptedFile());
    }

    /// The name by which H2 opens the file so.
    static String name(Path file) {
        return SCHEME + ":" + file;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Opened(new RandomAccessFile(getBase().toString(), mode));
    }

    private static final class Opened extends FileBaseDefault {
        private final RandomAccessFile file;

        private Opened(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) throws IOException {
            byte[] bytes = new byte[into.remaining()];
            file.seek(position);
            int count = file.read(bytes);
            if (count > 0) {
                into.put(bytes, 0, count);
            }
            return count;
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            file.seek(position);
            file.write(bytes);
            return bytes.length;
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            file.setLength(size);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            file.getFD().sync();
        }

        @Override
        public @Nullable FileLock tryLock(long position, long size, boolean shared)
                throws IOException {
            return file.getChannel().tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
