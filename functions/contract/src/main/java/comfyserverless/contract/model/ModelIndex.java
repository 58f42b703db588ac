package comfyserverless.contract.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The list of the files in the models bucket, so that nobody has to list the bucket. An owner is a tenant, or
/// [#SHARED] for what all tenants see.
public interface ModelIndex {
    /// Owns what all tenants see.
    String SHARED = "_shared";

    /// The owner's files by folder, as they were at most a second ago; empty if only the bucket can tell.
    Optional<Map<String, List<StoredModel>>> files(String owner);

    /// Adds a file, or puts it in the place of the one of that folder and name. Where the owner has no list yet it begins
    /// with what `others` finds.
    void put(String owner, StoredModel file, Supplier<List<StoredModel>> others);

    /// Takes a file out; false if it was not listed.
    boolean remove(String owner, String folder, String name);

    /// Drops an owner's list.
    void forget(String owner);

    /// Makes the lists what the whole bucket holds. An owner whose list changes meanwhile keeps that; digests of
    /// unchanged files stay.
    ///
    /// @param bucket lists it, by owner
    /// @return the owners whose list is another now
    List<String> renew(Supplier<Map<String, List<StoredModel>>> bucket);
}
