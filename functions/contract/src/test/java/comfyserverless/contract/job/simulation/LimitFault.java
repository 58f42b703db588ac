package comfyserverless.contract.job.simulation;

/// What can be taken out of the limits and of the meter to see whether their simulation would notice.
enum LimitFault {
    /// As they are.
    NONE,
    /// A claim counts as well as an end.
    METERS_AT_CLAIM,
    /// A job that returns to the queue counts.
    METERS_AT_RETURN,
    /// What a job used is a second write, after its end.
    METERS_APART,
    /// What a job used counts though its end was refused.
    METERS_WITHOUT_FENCE,
    /// Who asks again for the end of a run measures it again.
    END_FORGETS_ITS_TIME,
    /// The jobs that wait are never counted anew, so a start or a deletion makes no room.
    NEVER_COUNTS_ANEW,
    /// Counting anew does not look whether somebody was accepted meanwhile.
    COUNTS_ANEW_BLINDLY,
    /// Counting anew takes what a clear has hidden for jobs that wait.
    COUNTS_WHAT_WAS_CLEARED,
    /// An acceptance counts itself, whatever the limit.
    TAKES_ROOM_BLINDLY,
    /// A changed limit goes on from the old number.
    KEEPS_COUNT_AT_CHANGE,
    /// Nobody looks again at what runs once a job was claimed.
    NO_SECOND_LOOK,
    /// A tenant that may run no more ends the walk over the tenants.
    FIRST_TENANT_ONLY,
    /// A limit is read once and believed for ever.
    LIMIT_READ_ONCE,
    /// Nobody reconciles.
    NO_RECONCILER
}
