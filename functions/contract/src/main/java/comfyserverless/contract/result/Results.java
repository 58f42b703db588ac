package comfyserverless.contract.result;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// Results of nodes by what they were made of, shared by all runners of a tenant: a cache, so anything may
/// be gone at any time. Failures of the stores surface as [java.io.UncheckedIOException].
public interface Results {
    /// Those of the names under which something is kept.
    Set<String> find(String tenant, Collection<String> names);

    /// What is kept under that name; empty if it is gone.
    Optional<byte[]> read(String tenant, String name);

    /// Keeps a result; beyond the tenant's limit, what was kept longest ago goes.
    ///
    /// @param name says all that the result depends on: letters, digits and `-` only
    void keep(String tenant, String name, byte[] result);

    /// Drops all of a tenant's.
    void clear(String tenant);
}
