package comfyserverless.contract.file;

import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.present;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// [UserFiles] in the table: `U#{tenant}#{user}` / path, with the bytes beside the name up to 300 KB
/// and in the object store beyond.
public final class TableUserFiles implements UserFiles {
    private static final int INLINE = 300 * 1024;
    private static final String BYTES = "bytes";
    private static final String CONTENT = "s3";
    private static final String SIZE = "size";
    private static final String MODIFIED = "mtime";

    private final Table table;
    private final Blobs blobs;
    private final Clock clock;
    private final Supplier<String> ids;

    /// @param ids fresh operation ids and object names
    public TableUserFiles(Table table, Blobs blobs, Clock clock, Supplier<String> ids) {
        this.table = table;
        this.blobs = blobs;
        this.clock = clock;
        this.ids = ids;
    }

    private static String partition(User user) {
        return "U#" + user.tenant() + "#" + URLEncoder.encode(user.id(), StandardCharsets.UTF_8);
    }

    private static Key key(User user, String path) {
        FileNames.checkPath(path);
        return new Key(partition(user), path);
    }

    @Override
    public Optional<byte[]> read(User user, String path) {
        return table.get(key(user, path)).flatMap(this::bytes);
    }

    private Optional<byte[]> bytes(Item item) {
        if (item.has(BYTES)) {
            return Optional.of(item.bytes(BYTES));
        }
        return blobs.read(item.text(CONTENT), 0).map(TableUserFiles::all);
    }

    private static byte[] all(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a user's file", e);
        }
    }

    @Override
    public Optional<UserFile> find(User user, String path) {
        return table.get(key(user, path)).map(TableUserFiles::file);
    }

    @Override
    public UserFile write(User user, String path, byte[] bytes) {
        Item item = item(user, path, bytes);
        Optional<Item> before = table.get(item.key());
        table.write(Write.put(item));
        before.ifPresent(this::deleteContent);
        return file(item);
    }

    @Override
    public Optional<UserFile> writeIfAbsent(User user, String path, byte[] bytes) {
        Item item = item(user, path, bytes);
        if (table.write(Write.put(item, absent(), ids.get())).done()) {
            return Optional.of(file(item));
        }
        deleteContent(item);
        return Optional.empty();
    }

    private Item item(User user, String path, byte[] bytes) {
        Item item =
                Item.of(key(user, path)).with(SIZE, bytes.length).with(MODIFIED, clock.millis());
        if (bytes.length <= INLINE) {
            return item.with(BYTES, Value.of(bytes));
        }
        String content = "u/" + user.tenant() + "/" + ids.get();
        blobs.put(content, bytes);
        return item.with(CONTENT, content);
    }

    private void deleteContent(Item item) {
        String content = item.textOrNull(CONTENT);
        if (content != null) {
            blobs.delete(content);
        }
    }

    @Override
    public boolean delete(User user, String path) {
        Key key = key(user, path);
        Optional<Item> before = table.get(key);
        boolean deleted = before.isPresent() && table.write(Write.delete(key, present())).done();
        if (deleted) {
            before.ifPresent(this::deleteContent);
        }
        return deleted;
    }

    /// Both names change in one transaction.
    @Override
    public Optional<UserFile> move(User user, String from, String to, boolean overwrite) {
        Key source = key(user, from);
        Key target = key(user, to);
        Optional<Item> there = table.get(source);
        if (there.isEmpty() || source.equals(target)) {
            return there.map(TableUserFiles::file);
        }
        Optional<Item> replaced = table.get(target);
        if (replaced.isPresent() && !overwrite) {
            return Optional.empty();
        }
        Item moved = new Item(target, there.get().values());
        Write put = overwrite ? Write.put(moved) : Write.put(moved, Condition.absent(), ids.get());
        if (!table.transact(List.of(Write.delete(source, present()), put))) {
            return Optional.empty();
        }
        replaced.ifPresent(this::deleteContent);
        return Optional.of(file(moved));
    }

    @Override
    public List<UserFile> list(User user, String prefix) {
        Query all = Query.of(partition(user), Index.MAIN);
        return table.all(prefix.isEmpty() ? all : all.beginningWith(prefix)).stream()
                .map(TableUserFiles::file)
                .toList();
    }

    private static UserFile file(Item item) {
        return new UserFile(
                item.key().sort(), item.whole(SIZE), Instant.ofEpochMilli(item.whole(MODIFIED)));
    }
}
