package comfyserverless.routeapi;

/// Whose request it is, and all of theirs that a pack may reach. Nothing here leads to another tenant.
public interface Tenant {
    /// Their name, `default` on a server for one.
    String name();

    TenantJobs jobs();

    TenantFiles files();

    TenantClients clients();

    TenantMailbox mailbox();
}
