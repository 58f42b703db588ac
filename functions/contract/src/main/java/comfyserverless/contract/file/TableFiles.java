package comfyserverless.contract.file;

import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.is;
import static comfyserverless.contract.table.Condition.present;

import comfyserverless.contract.account.KnownLimits;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Protocol;
import comfyserverless.contract.table.Digests;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// [Files] with the names in the table (`F#{tenant}#{type}#{subfolder}` / `{name}`) and the bytes in
/// the object store under random keys. Subfolders are listed by `F#{tenant}#{type}` / `{subfolder}`.
public final class TableFiles implements Files {
    private static final String CONTENT = "s3";
    private static final String SIZE = "size";
    private static final String ETAG = "etag";
    private static final String MODIFIED = "mtime";
    private static final String PROMPT = "promptId";
    private static final String FENCE = "fence";
    private static final int ETAG_DIGITS = 32;
    private static final Duration TEMPORARY = Duration.ofDays(2);

    private final Table table;
    private final Blobs blobs;
    private final Clock clock;
    private final Supplier<String> ids;
    private final Counters counters;
    private final Storage storage;

    /// @param ids fresh operation ids and object names
    public TableFiles(
            Table table, Blobs blobs, Clock clock, Supplier<String> ids, KnownLimits limits) {
        this.table = table;
        this.blobs = blobs;
        this.clock = clock;
        this.ids = ids;
        this.counters = new Counters(table, ids);
        this.storage = new Storage(table, ids, limits);
    }

    static String partition(String tenant, FileType type, String subfolder) {
        return folders(tenant, type) + "#" + subfolder;
    }

    private static String folders(String tenant, FileType type) {
        return "F#" + tenant + "#" + type.word();
    }

    private static Key key(String tenant, FileRef ref) {
        return new Key(partition(tenant, ref.type(), ref.subfolder()), ref.name());
    }

    @Override
    public Optional<StoredFile> find(String tenant, FileRef ref) {
        return table.get(key(tenant, ref)).map(item -> file(ref, item));
    }

    @Override
    public List<StoredFile> list(String tenant, FileType type) {
        List<String> subfolders = new ArrayList<>(List.of(""));
        for (Item folder : table.all(Query.of(folders(tenant, type), Index.MAIN))) {
            subfolders.add(folder.key().sort());
        }
        List<StoredFile> files = new ArrayList<>();
        for (String subfolder : subfolders) {
            files.addAll(list(tenant, type, subfolder));
        }
        files.sort(
                Comparator.comparing((StoredFile file) -> file.ref().subfolder())
                        .thenComparing(file -> file.ref().name()));
        return files;
    }

    @Override
    public List<StoredFile> list(String tenant, FileType type, String subfolder) {
        return table.all(Query.of(partition(tenant, type, subfolder), Index.MAIN)).stream()
                .map(item -> file(new FileRef(type, subfolder, item.key().sort()), item))
                .toList();
    }

    @Override
    public InputStream read(String tenant, StoredFile file, long from) {
        return blobs.read(file.content(), from)
                .orElseThrow(() ->
                        new UncheckedIOException(
                                new IOException(
                                        "the bytes of "
                                                + file.ref()
                                                + " of "
                                                + tenant
                                                + " are gone: "
                                                + file.content())));
    }

    @Override
    public StoredFile put(String tenant, FileRef ref, byte[] bytes) {
        Optional<StoredFile> before = find(tenant, ref);
        storage.take(tenant, ref, growth(before, bytes.length));
        return replaced(tenant, before, ref, stored(tenant, ref, bytes));
    }

    private static long growth(Optional<StoredFile> before, long size) {
        return size - before.map(StoredFile::size).orElse(0L);
    }

    private StoredFile replaced(
            String tenant, Optional<StoredFile> before, FileRef ref, Item item) {
        table.write(Write.put(item));
        before.ifPresent(file -> {
            blobs.delete(file.content());
            storage.give(tenant, ref, file.size() - item.whole(SIZE));
        });
        return file(ref, item);
    }

    @Override
    public StoredFile adopt(String tenant, FileRef ref, Arrived arrived) {
        Optional<StoredFile> before = find(tenant, ref);
        storage.take(tenant, ref, growth(before, arrived.size()));
        return replaced(tenant, before, ref, copied(tenant, ref, arrived));
    }

    @Override
    public Optional<StoredFile> adoptIfAbsent(String tenant, FileRef ref, Arrived arrived) {
        storage.take(tenant, ref, arrived.size());
        return added(tenant, ref, copied(tenant, ref, arrived));
    }

    private Item copied(String tenant, FileRef ref, Arrived arrived) {
        noteFolder(tenant, ref);
        String content = prefix(ref.type()) + tenant + "/" + ids.get();
        blobs.copy(arrived.content(), content);
        byte[] sha256 = HexFormat.of().parseHex(arrived.sha256());
        return item(tenant, ref, content, arrived.size(), etag(sha256));
    }

    @Override
    public Optional<StoredFile> putIfAbsent(String tenant, FileRef ref, byte[] bytes) {
        storage.take(tenant, ref, bytes.length);
        return added(tenant, ref, stored(tenant, ref, bytes));
    }

    private Optional<StoredFile> added(String tenant, FileRef ref, Item item) {
        if (table.write(Write.put(item, absent(), ids.get())).done()) {
            return Optional.of(file(ref, item));
        }
        blobs.delete(item.text(CONTENT));
        storage.give(tenant, ref, item.whole(SIZE));
        return Optional.empty();
    }

    private Item stored(String tenant, FileRef ref, byte[] bytes) {
        noteFolder(tenant, ref);
        String content = prefix(ref.type()) + tenant + "/" + ids.get();
        blobs.put(content, bytes);
        return item(tenant, ref, content, bytes.length, etag(Digests.sha256().digest(bytes)));
    }

    private Item item(String tenant, FileRef ref, String content, long size, String etag) {
        Item item =
                Item.of(key(tenant, ref))
                        .with(CONTENT, content)
                        .with(SIZE, size)
                        .with(ETAG, etag)
                        .with(MODIFIED, clock.millis());
        return ref.type() == FileType.TEMP ? item.expiring(clock.instant().plus(TEMPORARY)) : item;
    }

    private void noteFolder(String tenant, FileRef ref) {
        if (!ref.subfolder().isEmpty()) {
            table.write(
                    Write.put(
                            Item.of(new Key(folders(tenant, ref.type()), ref.subfolder())),
                            absent(),
                            ids.get()));
        }
    }

    /// The bytes first, under a key of this run; then the name, in one transaction with the check that
    /// the run still holds the job.
    @Override
    public Optional<StoredFile> putOutput(Claim claim, FileRef ref, Path local) {
        String tenant = claim.key().tenant();
        long size = size(local);
        storage.take(tenant, ref, size);
        noteFolder(tenant, ref);
        String content = RunFiles.object(ref.type(), claim, ids.get());
        blobs.put(content, local);
        Item item =
                item(tenant, ref, content, size, etag(local))
                        .with(PROMPT, claim.key().promptId())
                        .with(FENCE, claim.fence());
        boolean held =
                table.transact(
                        List.of(
                                Protocol.check(claim),
                                Write.put(item),
                                RunFiles.record(claim, item, clock.instant())));
        if (!held) {
            blobs.delete(content);
            storage.give(tenant, ref, size);
            return Optional.empty();
        }
        return Optional.of(file(ref, item));
    }

    /// The bucket's rule removes what lies under `t/` a day after the names have expired.
    private static String prefix(FileType type) {
        return type == FileType.TEMP ? "t/" : "f/";
    }

    @Override
    public boolean delete(String tenant, FileRef ref) {
        Optional<StoredFile> file = find(tenant, ref);
        if (file.isEmpty()) {
            return false;
        }
        Outcome outcome = table.write(Write.delete(key(tenant, ref), present()));
        if (outcome.done()) {
            blobs.delete(file.get().content());
            storage.give(tenant, ref, file.get().size());
        }
        return outcome.done();
    }

    @Override
    public boolean deleteIfSame(String tenant, StoredFile seen) {
        Write write = Write.delete(key(tenant, seen.ref()), is(CONTENT, seen.content()));
        boolean deleted = table.write(write).done();
        if (deleted) {
            blobs.delete(seen.content());
            storage.give(tenant, seen.ref(), seen.size());
        }
        return deleted;
    }

    @Override
    public long nextCounter(String tenant, FileType type, String subfolder, String prefix) {
        return counters.next(tenant, type, subfolder, prefix);
    }

    @Override
    public URI signedUrl(
            String tenant, StoredFile file, String contentType, String disposition, Duration life) {
        return blobs.signedUrl(file.content(), contentType, disposition, life);
    }

    private static StoredFile file(FileRef ref, Item item) {
        return new StoredFile(
                ref,
                item.whole(SIZE),
                item.text(ETAG),
                Instant.ofEpochMilli(item.whole(MODIFIED)),
                item.text(CONTENT));
    }

    private static long size(Path local) {
        try {
            return java.nio.file.Files.size(local);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the size of " + local, e);
        }
    }

    private static String etag(Path local) {
        MessageDigest digest = Digests.sha256();
        try (DigestOutputStream out =
                new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            java.nio.file.Files.copy(local, out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + local, e);
        }
        return etag(digest.digest());
    }

    private static String etag(byte[] sha256) {
        return "\"" + HexFormat.of().formatHex(sha256).substring(0, ETAG_DIGITS) + "\"";
    }
}
