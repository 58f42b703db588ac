package comfyserverless.localstack.emulator.dynamodb.table;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// Items by the time at which their TTL passes: 8 bytes of epoch seconds, then the primary key.
final class Expiries {
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(Long.MAX_VALUE);

    private final MVMap<byte[], byte[]> byTime;

    Expiries(MVMap<byte[], byte[]> byTime) {
        this.byTime = byTime;
    }

    MVMap<byte[], byte[]> map() {
        return byTime;
    }

    void update(
            @Nullable String attribute,
            byte[] key,
            @Nullable Map<String, Value> before,
            @Nullable Map<String, Value> after) {
        if (attribute == null) {
            return;
        }
        byte[] old = entry(before == null ? null : before.get(attribute), key);
        byte[] fresh = entry(after == null ? null : after.get(attribute), key);
        if (Arrays.equals(old, fresh)) {
            return;
        }
        if (old != null) {
            byTime.remove(old);
        }
        if (fresh != null) {
            byTime.put(fresh, key);
        }
    }

    private static byte @Nullable [] entry(@Nullable Value time, byte[] key) {
        if (!(time instanceof Value.N(BigDecimal seconds))
                || seconds.signum() <= 0
                || seconds.compareTo(MAX_SECONDS) > 0) {
            return null;
        }
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(seconds.longValue())
                .put(key)
                .array();
    }

    List<byte[]> before(long epochSeconds, int limit) {
        List<byte[]> keys = new ArrayList<>();
        Iterator<byte[]> times = byTime.keyIterator(null);
        while (times.hasNext() && keys.size() < limit) {
            byte[] entry = times.next();
            if (ByteBuffer.wrap(entry).getLong() >= epochSeconds) {
                break;
            }
            keys.add(Arrays.copyOfRange(entry, Long.BYTES, entry.length));
        }
        return keys;
    }
}
