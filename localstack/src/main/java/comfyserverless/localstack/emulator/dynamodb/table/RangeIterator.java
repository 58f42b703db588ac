package comfyserverless.localstack.emulator.dynamodb.table;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// Walks a range of a byte map in either direction; keys for which `read` gives null are skipped.
final class RangeIterator implements Iterator<Table.Entry> {
    private final Cursor<byte[], byte[]> cursor;
    private final KeyRange range;
    private final BiFunction<byte[], byte[], Table.@Nullable Entry> read;
    private Table.@Nullable Entry next;

    RangeIterator(
            MVMap<byte[], byte[]> map,
            KeyRange range,
            boolean forward,
            BiFunction<byte[], byte[], Table.@Nullable Entry> read) {
        this.range = range;
        this.read = read;
        byte[] first = forward ? range.from() : range.to();
        this.cursor = map.cursor(first, null, !forward);
        advance(!forward);
    }

    private void advance(boolean skipEnd) {
        next = null;
        boolean skip = skipEnd;
        while (next == null && cursor.hasNext()) {
            byte[] key = cursor.next();
            if (range.contains(key)) {
                next = read.apply(key, cursor.getValue());
            } else if (!skip) {
                return;
            }
            skip = false;
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Table.Entry next() {
        Table.Entry current = next;
        if (current == null) {
            throw new NoSuchElementException();
        }
        advance(false);
        return current;
    }
}
