package comfyserverless.admin.model;

import comfyserverless.admin.report.Progress;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.report.Report;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.ModelStore.Place;
import comfyserverless.contract.model.StoredModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Puts a file into the models bucket and its index: looked at, hashed, sent in parts, listed. What was broken off goes
/// on with the parts that had arrived.
public final class ModelPush {
    private static final int AT_ONCE = 4;
    private static final int BUFFER = 1 << 20;

    private final ModelStore store;
    private final ModelIndex index;
    private final Report report;
    private final InstantSource clock;

    public ModelPush(ModelStore store, ModelIndex index, Report report, InstantSource clock) {
        this.store = store;
        this.index = index;
        this.report = report;
        this.clock = clock;
    }

    /// What may happen.
    ///
    /// @param force whether a file that is there may be replaced
    /// @param pickled whether a pickled file may be stored
    /// @param sha256 what the digest has to be, in hex; null if nobody knows
    public record Rules(boolean force, boolean pickled, @Nullable String sha256) {
        public Rules {
            if (sha256 != null) {
                sha256 = sha256.strip().toLowerCase(Locale.ROOT);
                if (!sha256.matches("[0-9a-f]{64}")) {
                    throw new Refusal(
                            "\"" + sha256 + "\" is no SHA-256: it has 64 digits of 0-9 and a-f.");
                }
            }
        }

        /// With what a server says of its file, unless the user said so.
        public Rules orDigest(@Nullable String told) {
            return sha256 == null ? new Rules(force, pickled, told) : this;
        }
    }

    /// What became of it.
    ///
    /// @param unchanged whether this very content was there
    /// @param resumed how many bytes an earlier upload had brought
    public record Pushed(StoredModel file, boolean unchanged, long resumed) {}

    /// Pushes a file.
    ///
    /// @throws Refusal if it is not to be stored
    public Pushed push(Path file, Place place, Rules rules) throws IOException {
        WeightsFile.Kind kind = new WeightsFile(file, place.name()).check();
        if (kind == WeightsFile.Kind.PICKLED && !rules.pickled()) {
            throw new Refusal(
                    file
                            + " is a pickled file, which may hold programs: take the model as .safetensors, or"
                            + " give --pickled to store it all the same. Runners read tensors of pickled files"
                            + " only, and refuse a file with anything else in it.");
        }
        long size = Files.size(file);
        FileTime changed = Files.getLastModifiedTime(file);
        String sha256 = digest(file, size, place.name());
        if (rules.sha256() != null && !rules.sha256().equals(sha256)) {
            throw new Refusal(
                    file
                            + " has the SHA-256 "
                            + sha256
                            + ", not "
                            + rules.sha256()
                            + ": download it again.");
        }
        Optional<StoredModel> there = store.find(place);
        if (there.isPresent() && isSame(place, there.get(), size, sha256)) {
            list(place, known(there.get(), sha256));
            return new Pushed(known(there.get(), sha256), true, 0);
        }
        if (there.isPresent() && !rules.force()) {
            throw new Refusal(
                    place
                            + " is there already with other content ("
                            + Progress.size(there.get().size())
                            + ", "
                            + there.get().modified()
                            + "): give another --name, or --force to replace it.");
        }
        Sent sent = send(file, place, size);
        if (Files.size(file) != size || !Files.getLastModifiedTime(file).equals(changed)) {
            store.abandon(place);
            throw new Refusal(file + " was changed while it was pushed: push it again.");
        }
        StoredModel stored = known(sent.upload().complete(), sha256);
        list(place, stored);
        return new Pushed(stored, false, sent.resumed());
    }

    private void list(Place place, StoredModel file) {
        index.put(place.owner(), file, () -> store.list(place.owner()));
    }

    private static StoredModel known(StoredModel stored, String sha256) {
        return new StoredModel(
                stored.folder(),
                stored.name(),
                stored.size(),
                stored.modified(),
                stored.tag(),
                sha256);
    }

    /// By the digest that the index has for the content that is there. Where it has none (another tool put the file
    /// there, or a push was killed before it could list it) the file itself is read.
    private boolean isSame(Place place, StoredModel there, long size, String sha256)
            throws IOException {
        if (there.size() != size) {
            return false;
        }
        for (StoredModel file :
                index.files(place.owner())
                        .orElse(Map.of())
                        .getOrDefault(place.folder(), List.of())) {
            boolean noted = file.name().equals(place.name()) && file.tag().equals(there.tag());
            if (noted && file.sha256() != null) {
                return sha256.equals(file.sha256());
            }
        }
        return sha256.equals(stored(place, size));
    }

    private String stored(Place place, long size) throws IOException {
        try (InputStream in =
                size == 0 ? InputStream.nullInputStream() : store.read(place, 0, size)) {
            return digest(in, size, "comparing with " + place);
        }
    }

    private String digest(Path file, long size, String name) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return digest(in, size, "hashing " + name);
        }
    }

    private String digest(InputStream in, long size, String what) throws IOException {
        MessageDigest digest = Digest.of("SHA-256");
        try (Progress progress = new Progress(report, what, size, clock)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                progress.add(read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// All parts are there.
    ///
    /// @param resumed how many bytes of them had been there
    private record Sent(ModelStore.Upload upload, long resumed) {}

    /// Several parts at a time.
    private Sent send(Path file, Place place, long size) throws IOException {
        ModelStore.Upload upload = store.upload(place, size);
        long[] resumed = {0};
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Progress progress = new Progress(report, "pushing " + place.name(), size, clock);
                ExecutorService threads =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<?>> parts = new ArrayList<>();
            for (int number = 1; number <= upload.parts(); number++) {
                int part = number;
                parts.add(
                        threads.submit(() -> {
                            byte[] bytes = part(channel, upload, part, size);
                            if (upload.has(part, md5(bytes))) {
                                synchronized (resumed) {
                                    resumed[0] += bytes.length;
                                }
                                progress.skip(bytes.length);
                            } else {
                                upload.put(part, bytes);
                                progress.add(bytes.length);
                            }
                            return null;
                        }));
            }
            try {
                for (Future<?> part : parts) {
                    part.get();
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw brokenOff(place, e);
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw brokenOff(place, e);
            }
        }
        synchronized (resumed) {
            return new Sent(upload, resumed[0]);
        }
    }

    private static Refusal brokenOff(Place place, Exception e) {
        return new Refusal(
                "The upload of "
                        + place
                        + " broke off ("
                        + Refusal.reason(e)
                        + "): run the same command again, it goes on with the parts that have arrived.",
                e);
    }

    private static byte[] part(FileChannel channel, ModelStore.Upload upload, int number, long size)
            throws IOException {
        long from = (long) (number - 1) * upload.partSize();
        byte[] bytes = new byte[(int) Math.min(upload.partSize(), size - from)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was pushed");
            }
        }
        return bytes;
    }

    private static String md5(byte[] bytes) {
        return HexFormat.of().formatHex(Digest.of("MD5").digest(bytes));
    }
}
