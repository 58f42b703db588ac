package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.Models;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// Runs prompts, one after another, each from what the last one left in the cache.
public final class Executor implements Work {
    private final NodeHost host;
    private final Sources sources;
    private final Freeing freeing;
    private final Clock clock;
    private final OutputCache cache;
    private final SharedResults shared;

    /// What clients asked to be freed, and how models are unloaded.
    public record Memory(FreeRequests requests, Runnable unloadModels) {}

    /// What nodes read from outside.
    public record Sources(Files files, Models models, Mail mail) {}

    /// Which results are kept for later prompts.
    ///
    /// @param mode in the runner's own memory
    /// @param shared where all of a tenant's runners find them
    public record Keeping(CacheMode mode, SharedResults shared) {}

    public Executor(NodeHost host, Sources sources, Memory memory, Keeping keeping, Clock clock) {
        this.host = host;
        this.sources = sources;
        this.cache = OutputCache.of(keeping.mode());
        this.shared = keeping.shared();
        this.clock = clock;
        this.freeing = new Freeing(memory.requests(), memory.unloadModels(), this::forget);
    }

    private void forget(String tenant) {
        cache.clear();
        shared.clear(tenant);
    }

    @Override
    public Ended run(JobRun run) {
        freeing.before(run.claim().key().tenant());
        JobFiles files = new JobFiles(sources.files(), sources.models(), run);
        RunResults.Caches caches = new RunResults.Caches(cache, shared, System::nanoTime);
        return new GraphRun(run, host, caches, files, sources.mail(), clock).run();
    }

    @Override
    public void rest() {
        freeing.rest();
    }

    @Override
    public Ended failed(Claim claim, Throwable why) {
        GraphNode none = new GraphNode("", "", Map.of());
        Event.ExecutionError error =
                new Event.ExecutionError(
                        claim.key().promptId(),
                        Failures.of(none, why, Map.of(), List.of()),
                        List.of(),
                        clock.millis());
        ArrayNode messages = Json.mapper().createArrayNode();
        messages.addArray().add(EventJson.type(error)).add(EventJson.data(error));
        JobResult result =
                new JobResult(JobResult.End.ERROR, Json.object(), messages, Json.object());
        return new Ended(result, error);
    }
}
