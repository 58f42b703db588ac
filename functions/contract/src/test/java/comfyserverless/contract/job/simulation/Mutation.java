package comfyserverless.contract.job.simulation;

/// What can be taken out of the protocol to see whether the simulation would notice.
enum Mutation {
    /// The protocol as it is.
    NONE,
    /// A claim's writes look at the state only, not at fence and owner.
    NO_FENCING,
    /// Nobody looks at the clear mark once a job was picked.
    NO_RECHECK_AFTER_CLAIM,
    /// The claim is two writes.
    SPLIT_CLAIM,
    /// The job's place in the queue is a second write.
    SPLIT_ENQUEUE,
    /// Nobody reconciles.
    NO_RECONCILER,
    /// A lost answer counts as a lost race.
    NO_OPERATION_IDS,
    /// The reconciler takes jobs away though their lease was renewed meanwhile.
    STALE_EXPIRY,
    /// Outputs are written without looking at the job.
    UNCHECKED_OUTPUT,
    /// The fence begins anew when an id is used again.
    FENCE_RESTARTS,
    /// A job given back does not look for a clear that came while it ran.
    RETURN_IGNORES_CLEAR,
    /// A job given back forgets that a stop was asked for.
    RETURN_IGNORES_CANCEL,
    /// The write that ends a job does not say that its webhook is due.
    NO_DUE_MARK,
    /// A job that takes over an id takes away the due webhook of the one that had it.
    REUSE_DROPS_DUE,
    /// A tenant leaves the rounds though it owes webhooks.
    RETIRES_OWING
}
