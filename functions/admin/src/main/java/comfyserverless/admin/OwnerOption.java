package comfyserverless.admin;

import comfyserverless.contract.account.Identity;
import comfyserverless.contract.model.ModelIndex;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--tenant` of the commands that are about everybody's files unless it is given.
final class OwnerOption {
    @Option(names = "--tenant", description = "a tenant's own (without it: what all tenants see)")
    private @Nullable String tenant;

    /// The tenant, if one was given.
    ///
    /// @throws IllegalArgumentException if no tenant can have this name
    @Nullable String tenant() {
        if (tenant != null) {
            Identity.requireTenant(tenant);
        }
        return tenant;
    }

    /// Whose files they are in the models bucket.
    ///
    /// @throws IllegalArgumentException if no tenant can have this name
    String owner() {
        String named = tenant();
        return named == null ? ModelIndex.SHARED : named;
    }
}
