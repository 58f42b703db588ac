package comfyserverless.contract.fake;

import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import comfyserverless.contract.table.Digests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// [ModelStore] as a map, with parts of a few bytes.
public final class InMemoryModelStore implements ModelStore {
    private static final int PART = 1000;

    private record Content(Place place, StoredModel stored) {}

    private final Clock clock;
    private final Map<String, Content> files = new TreeMap<>();
    private final Map<String, byte[]> bytes = new TreeMap<>();
    private final Map<String, Map<Integer, byte[]>> unfinished = new TreeMap<>();
    private int partsStored;
    private int partsUntilFailure = Integer.MAX_VALUE;

    public InMemoryModelStore(Clock clock) {
        this.clock = clock;
    }

    /// Puts a file there, as any other tool would.
    public synchronized StoredModel with(Place place, byte[] content) {
        StoredModel stored =
                new StoredModel(
                        place.folder(),
                        place.name(),
                        content.length,
                        clock.instant(),
                        Digests.hex(content).substring(0, 32),
                        null);
        files.put(place.key(), new Content(place, stored));
        bytes.put(place.key(), content.clone());
        return stored;
    }

    /// Lets the network break after so many more parts.
    public synchronized void breakAfter(int parts) {
        partsUntilFailure = parts;
    }

    /// How many parts were stored since the last time.
    public synchronized int takePartsStored() {
        int taken = partsStored;
        partsStored = 0;
        return taken;
    }

    @Override
    public synchronized Optional<StoredModel> find(Place place) {
        return Optional.ofNullable(files.get(place.key())).map(Content::stored);
    }

    @Override
    public synchronized List<StoredModel> list(String owner) {
        return all().getOrDefault(owner, List.of());
    }

    @Override
    public synchronized Map<String, List<StoredModel>> all() {
        Map<String, List<StoredModel>> all = new TreeMap<>();
        for (Content file : files.values()) {
            all.computeIfAbsent(file.place().owner(), o -> new ArrayList<>()).add(file.stored());
        }
        return all;
    }

    @Override
    public synchronized InputStream read(Place place, long from, long length) {
        byte[] content = bytes.get(place.key());
        if (content == null) {
            throw new UncheckedIOException(new FileNotFoundException("no model file " + place));
        }
        int start = (int) Math.min(from, content.length);
        int count = (int) Math.min(length, content.length - start);
        return new ByteArrayInputStream(content, start, count);
    }

    @Override
    public synchronized void delete(Place place) {
        files.remove(place.key());
        bytes.remove(place.key());
    }

    @Override
    public synchronized Upload upload(Place place, long size) {
        return new Parts(
                place, size, unfinished.computeIfAbsent(place.key(), k -> new TreeMap<>()));
    }

    @Override
    public synchronized int abandon(Place place) {
        return unfinished.remove(place.key()) == null ? 0 : 1;
    }

    private final class Parts implements Upload {
        private final Place place;
        private final long size;
        private final Map<Integer, byte[]> parts;

        Parts(Place place, long size, Map<Integer, byte[]> parts) {
            this.place = place;
            this.size = size;
            this.parts = parts;
        }

        @Override
        public int partSize() {
            return PART;
        }

        @Override
        public int parts() {
            return (int) Math.max(1, Math.ceilDiv(size, PART));
        }

        @Override
        public boolean has(int number, String md5) {
            synchronized (InMemoryModelStore.this) {
                byte[] part = parts.get(number);
                return part != null && md5(part).equals(md5);
            }
        }

        @Override
        public void put(int number, byte[] bytes) {
            synchronized (InMemoryModelStore.this) {
                if (partsUntilFailure-- <= 0) {
                    throw new UncheckedIOException(new java.io.IOException("the network broke"));
                }
                partsStored++;
                parts.put(number, bytes.clone());
            }
        }

        @Override
        public StoredModel complete() {
            synchronized (InMemoryModelStore.this) {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                for (int number = 1; number <= parts(); number++) {
                    byte[] part = parts.get(number);
                    if (part == null) {
                        throw new IllegalStateException("part " + number + " is missing");
                    }
                    whole.writeBytes(part);
                }
                unfinished.remove(place.key());
                return with(place, whole.toByteArray());
            }
        }

        private static String md5(byte[] bytes) {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has MD5", e);
            }
        }
    }
}
