package comfyserverless.contract.catalogue;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.RecentItems;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// [Catalogues] with the bytes in the object store and a pointer in the table: `G` / `{digest}` and
/// `G` / `current`. A catalogue that is there has all its packs' files.
public final class TableCatalogues implements Catalogues {
    private static final String PARTITION = "G";
    private static final Key CURRENT = new Key(PARTITION, "current");
    private static final String DIGEST = "digest";
    private static final String CONTENT = "s3";
    private static final String FILES = "catalog/files/";

    private final Table table;
    private final Blobs blobs;
    private final Function<Key, Optional<Item>> pointers;

    public TableCatalogues(Table table, Blobs blobs) {
        this(table, blobs, table::get);
    }

    /// Whose current catalogue is as old as `recent` allows.
    public TableCatalogues(Table table, Blobs blobs, RecentItems recent) {
        this(table, blobs, recent::get);
    }

    private TableCatalogues(Table table, Blobs blobs, Function<Key, Optional<Item>> pointers) {
        this.table = table;
        this.blobs = blobs;
        this.pointers = pointers;
    }

    @Override
    public void publish(String digest, byte[] gzip, Map<String, byte[]> files) {
        Key key = new Key(PARTITION, digest);
        if (table.get(key).isEmpty()) {
            String content = "catalog/" + digest + ".json.gz";
            files.forEach((name, bytes) -> blobs.put(FILES + name, bytes));
            blobs.put(content, gzip);
            table.write(Write.put(Item.of(key).with(CONTENT, content)));
        }
        table.write(Write.put(Item.of(CURRENT).with(DIGEST, digest)));
    }

    @Override
    public Optional<String> currentDigest() {
        return pointers.apply(CURRENT).map(item -> item.text(DIGEST));
    }

    @Override
    public Optional<byte[]> load(String digest) {
        return table.get(new Key(PARTITION, digest))
                .flatMap(item -> blobs.read(item.text(CONTENT), 0))
                .map(TableCatalogues::bytes);
    }

    @Override
    public Optional<byte[]> file(String digest) {
        return blobs.read(FILES + digest, 0).map(TableCatalogues::bytes);
    }

    private static byte[] bytes(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a catalogue", e);
        }
    }
}
