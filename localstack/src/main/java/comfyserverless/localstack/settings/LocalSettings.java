package comfyserverless.localstack.settings;

import comfyserverless.contract.account.Limits;
import comfyserverless.handlers.auth.AuthSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The settings of the local stack.
///
/// @param endpoint a LocalStack that holds the state instead of the embedded stores
/// @param faultSeed the seed of injected faults
public record LocalSettings(
        Listening listening,
        Folders folders,
        Running running,
        Extras extras,
        @Nullable URI endpoint,
        @Nullable Long faultSeed) {

    /// Where the server answers and whom it trusts.
    ///
    /// @param trustedOrigins origins beside its own whose pages may call it
    public record Listening(int port, String address, List<URI> trustedOrigins) {
        public Listening {
            trustedOrigins = List.copyOf(trustedOrigins);
        }
    }

    /// The folders of the user; what is null was not given.
    public record Folders(
            Path data,
            @Nullable Path models,
            @Nullable Path comfyui,
            @Nullable Path input,
            @Nullable Path output,
            @Nullable Path webRoot) {}

    /// How prompts are run.
    ///
    /// @param runners how many at once in this process; 0 leaves the queue to others
    /// @param metadata whether saved pictures carry prompt and workflow
    /// @param sharedCache how many bytes of results all runners share; 0 for none
    /// @param longestWait how long a node may wait for a client's message; null for the runners' own rule
    public record Running(
            int runners,
            Device device,
            Cache cache,
            boolean metadata,
            long sharedCache,
            @Nullable Duration longestWait) {}

    /// What is switched on beside the usual.
    ///
    /// @param auth what callers must show; empty: nothing
    /// @param limits those of tenants that have none of their own
    /// @param webhookLoopback whether webhooks may call this machine
    public record Extras(
            @Nullable Path nodePacks,
            boolean multiUser,
            Set<AuthSettings.Mode> auth,
            Limits limits,
            boolean binaryFrames,
            boolean conformance,
            boolean webhookLoopback) {
        public Extras {
            auth = Set.copyOf(auth);
        }
    }
}
