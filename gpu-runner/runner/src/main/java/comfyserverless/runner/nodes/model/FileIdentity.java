package comfyserverless.runner.nodes.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// Tells whether a model file is still the one that was loaded: its real path, size and time of change.
record FileIdentity(Path path, long size, long modified) {
    static FileIdentity of(Path file) {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes found = Files.readAttributes(real, BasicFileAttributes.class);
            return new FileIdentity(real, found.size(), found.lastModifiedTime().toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException("the model file " + file, e);
        }
    }
}
