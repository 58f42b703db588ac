package comfyserverless.contract.fake;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Fresh ids: `id-1`, `id-2`, …
public final class CountingIds implements Supplier<String> {
    private final AtomicLong last = new AtomicLong();

    @Override
    public String get() {
        return "id-" + last.incrementAndGet();
    }
}
