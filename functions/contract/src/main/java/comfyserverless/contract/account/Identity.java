package comfyserverless.contract.account;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whom a secret stands for.
///
/// @param tenant whose data is served: 1 to 48 of `a-z`, `0-9` and, between them, `-`
/// @param user whose workflows and settings inside the tenant; null leaves the choice to the caller
/// @param admin whether it may do what concerns every tenant
public record Identity(String tenant, @Nullable String user, boolean admin) {
    private static final Pattern TENANT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?");

    public Identity {
        requireTenant(tenant);
    }

    /// Whether a tenant can have this name.
    public static boolean isTenant(String name) {
        return TENANT.matcher(name).matches();
    }

    /// Checks a tenant's name.
    ///
    /// @throws IllegalArgumentException if no tenant can have this name
    public static void requireTenant(String name) {
        if (!isTenant(name)) {
            throw new IllegalArgumentException(
                    "\""
                            + name
                            + "\" cannot name a tenant: 1 to 48 of a-z, 0-9 and, between them, -");
        }
    }
}
