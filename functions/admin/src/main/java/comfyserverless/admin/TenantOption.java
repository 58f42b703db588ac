package comfyserverless.admin;

import comfyserverless.contract.account.Identity;
import picocli.CommandLine.Option;

/// `--tenant` of the commands that are about one tenant.
final class TenantOption {
    @Option(names = "--tenant", defaultValue = "default", description = "whose (${DEFAULT-VALUE})")
    private String tenant = "";

    /// Whose.
    ///
    /// @throws IllegalArgumentException if no tenant can have this name
    String name() {
        Identity.requireTenant(tenant);
        return tenant;
    }
}
