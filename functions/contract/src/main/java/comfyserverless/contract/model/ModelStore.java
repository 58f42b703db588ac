package comfyserverless.contract.model;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The models bucket as whoever fills it sees it: `{owner}/{folder}/{name}`. What it cannot do surfaces as
/// [java.io.UncheckedIOException].
public interface ModelStore {
    /// Where a file lies.
    ///
    /// @param owner a tenant or [ModelIndex#SHARED]
    record Place(String owner, String folder, String name) {
        /// The object's key.
        public String key() {
            return owner + "/" + folder + "/" + name;
        }

        @Override
        public String toString() {
            return key();
        }
    }

    /// The file there, without its digest.
    Optional<StoredModel> find(Place place);

    /// All files of an owner, without their digests.
    List<StoredModel> list(String owner);

    /// All files, by owner, without their digests.
    Map<String, List<StoredModel>> all();

    /// Some bytes of the file, fewer at its end.
    InputStream read(Place place, long from, long length);

    /// Removes the file, if there is one.
    void delete(Place place);

    /// Begins to store a file in parts, or goes on where an upload to this place was broken off. Until it is complete
    /// the place keeps what it has.
    Upload upload(Place place, long size);

    /// Drops uploads to this place that were broken off; how many there were.
    int abandon(Place place);

    /// A file on its way. Parts may be stored side by side and in any order.
    interface Upload {
        /// How many bytes each part but the last has.
        int partSize();

        /// How many parts there are.
        int parts();

        /// Whether a part was stored before, with this content.
        ///
        /// @param number from 1
        /// @param md5 of the part's bytes, in lower-case hex
        boolean has(int number, String md5);

        /// Stores a part.
        ///
        /// @param number from 1
        void put(int number, byte[] bytes);

        /// Makes a file of the parts, which must all be there.
        StoredModel complete();
    }
}
