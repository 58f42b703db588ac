package comfyserverless.contract.job;

/// Repairs what crashes leave behind; run each minute and whenever a ticket could not be delivered.
public interface Reconcile {
    /// Expires lost leases, sweeps what clears have hidden, sends missing tickets.
    Reconciled run();
}
