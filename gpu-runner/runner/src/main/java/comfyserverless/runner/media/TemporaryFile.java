package comfyserverless.runner.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that FFmpeg reads or writes in places; gone when closed.
record TemporaryFile(Path path) implements AutoCloseable {
    static TemporaryFile empty(String suffix) {
        try {
            return new TemporaryFile(Files.createTempFile("media", "." + suffix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TemporaryFile of(byte[] content, String suffix) {
        TemporaryFile file = empty(suffix);
        try {
            Files.write(file.path, content);
        } catch (IOException e) {
            file.close();
            throw new UncheckedIOException(e);
        }
        return file;
    }

    byte[] bytes() {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
