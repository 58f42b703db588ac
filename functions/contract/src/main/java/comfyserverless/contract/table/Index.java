package comfyserverless.contract.table;

/// The orders in which a partition can be read: by `SK`, or by one of the sparse secondary keys. An
/// item without that attribute is not in that order.
public enum Index {
    MAIN("SK"),
    /// Pending jobs in queue order; active tenants, the one served longest ago first.
    POS("pos"),
    /// Running jobs, oldest claim first.
    RUN("run"),
    /// Ended jobs, oldest end first.
    HIS("his"),
    /// A client's jobs in the order of acceptance.
    CLI("cli"),
    /// Ended jobs whose webhook is still to be called, the one that ended first first.
    DUE("more");

    private final String attribute;

    Index(String attribute) {
        this.attribute = attribute;
    }

    /// The attribute that sorts it, which is also the index's name.
    public String attribute() {
        return attribute;
    }
}
