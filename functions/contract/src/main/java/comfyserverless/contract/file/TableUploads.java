package comfyserverless.contract.file;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// [Uploads] on the table: `P#{tenant}` / `{uploadId}`. The bytes lie under `quarantine/`, which the
/// bucket empties after a day.
public final class TableUploads implements Uploads {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final String USER = "user";
    private static final String SIZE = "size";
    private static final String SHA256 = "sha256";

    private final Table table;
    private final Blobs blobs;
    private final Clock clock;
    private final Supplier<String> ids;

    /// @param ids new ids that nobody can guess
    public TableUploads(Table table, Blobs blobs, Clock clock, Supplier<String> ids) {
        this.table = table;
        this.blobs = blobs;
        this.clock = clock;
        this.ids = ids;
    }

    private static Key key(Owner owner, String id) {
        return new Key("P#" + owner.tenant(), id);
    }

    private static String content(String id) {
        return "quarantine/" + id;
    }

    @Override
    public Opened open(Owner owner, long size, String sha256) {
        String id = ids.get();
        table.write(
                Write.put(
                        Item.of(key(owner, id))
                                .with(USER, owner.user())
                                .with(SIZE, size)
                                .with(SHA256, sha256)
                                .expiring(clock.instant().plus(KEPT))));
        return new Opened(id, blobs.signedPut(content(id), size, sha256, OPEN_FOR));
    }

    @Override
    public Optional<Arrived> announced(Owner owner, String id) {
        return table.get(key(owner, id))
                .filter(item -> item.text(USER).equals(owner.user()))
                .map(item -> new Arrived(content(id), item.whole(SIZE), item.text(SHA256)));
    }

    @Override
    public Optional<Long> arrivedSize(Arrived announced) {
        return blobs.size(announced.content());
    }

    @Override
    public InputStream read(Arrived arrived) {
        return blobs.read(arrived.content(), 0)
                .orElseThrow(() ->
                        new UncheckedIOException(
                                new IOException(
                                        "the bytes at " + arrived.content() + " are gone")));
    }

    @Override
    public void close(Owner owner, String id) {
        blobs.delete(content(id));
        table.write(Write.delete(key(owner, id)));
    }
}
