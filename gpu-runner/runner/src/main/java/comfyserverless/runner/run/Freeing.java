package comfyserverless.runner.run;

import comfyserverless.contract.job.FreeRequests;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Frees what clients asked to be freed: before a job of their tenant, or as soon as the runner rests.
/// Used by one thread.
///
/// What was asked before a tenant's first job here concerns nothing that this runner holds.
final class Freeing {
    /// So many tenants, the latest served, are looked after.
    private static final int MOST = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Freeing.class);

    private final FreeRequests requests;
    private final Runnable unloadModels;
    private final Consumer<String> forgetResults;
    private final Map<String, FreeRequests.Asked> seen = new LinkedHashMap<>(MOST, 0.75f, true);

    /// @param forgetResults drops the results kept for a tenant
    Freeing(FreeRequests requests, Runnable unloadModels, Consumer<String> forgetResults) {
        this.requests = requests;
        this.unloadModels = unloadModels;
        this.forgetResults = forgetResults;
    }

    /// A job of the tenant begins.
    void before(String tenant) {
        look(tenant);
        if (seen.size() > MOST) {
            seen.remove(seen.keySet().iterator().next());
        }
    }

    /// Nothing is to be done.
    void rest() {
        for (String tenant : List.copyOf(seen.keySet())) {
            try {
                look(tenant);
            } catch (UncheckedIOException e) {
                LOG.warn("cannot read what {} wants freed", tenant, e);
            }
        }
    }

    private void look(String tenant) {
        FreeRequests.Asked asked = requests.asked(tenant);
        FreeRequests.Asked before = seen.put(tenant, asked);
        FreeRequests.Wish wish = asked.since(before == null ? asked : before);
        if (wish.freeMemory()) {
            forgetResults.accept(tenant);
        }
        if (wish.unloadModels()) {
            unloadModels.run();
        }
        if (wish.freeMemory() || wish.unloadModels()) {
            LOG.info("freed for {}: {}", tenant, wish);
        }
    }
}
