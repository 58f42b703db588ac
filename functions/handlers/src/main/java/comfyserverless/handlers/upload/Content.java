package comfyserverless.handlers.upload;

import comfyserverless.contract.file.Arrived;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// What a client brought: bytes in the request, or bytes that it put into the store by itself.
sealed interface Content {
    /// Stores it under this name, replacing what is there.
    void put(Files files, String tenant, FileRef ref);

    /// Stores it under this name; false if the name is taken.
    boolean putIfAbsent(Files files, String tenant, FileRef ref);

    /// Whether the file holds exactly this.
    boolean isIn(Files files, String tenant, StoredFile file);

    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] bytes) implements Content {
        @Override
        public void put(Files files, String tenant, FileRef ref) {
            files.put(tenant, ref, bytes);
        }

        @Override
        public boolean putIfAbsent(Files files, String tenant, FileRef ref) {
            return files.putIfAbsent(tenant, ref, bytes).isPresent();
        }

        @Override
        public boolean isIn(Files files, String tenant, StoredFile file) {
            if (file.size() != bytes.length) {
                return false;
            }
            try (InputStream in = files.read(tenant, file, 0)) {
                return Arrays.equals(in.readAllBytes(), bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file.ref(), e);
            }
        }
    }

    record InStore(Arrived arrived) implements Content {
        @Override
        public void put(Files files, String tenant, FileRef ref) {
            files.adopt(tenant, ref, arrived);
        }

        @Override
        public boolean putIfAbsent(Files files, String tenant, FileRef ref) {
            return files.adoptIfAbsent(tenant, ref, arrived).isPresent();
        }

        @Override
        public boolean isIn(Files files, String tenant, StoredFile file) {
            return file.size() == arrived.size() && file.etag().equals(arrived.etag());
        }
    }
}
