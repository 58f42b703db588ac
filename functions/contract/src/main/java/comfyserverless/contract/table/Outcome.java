package comfyserverless.contract.table;

import org.jspecify.annotations.Nullable;

/// What became of a [Write].
public sealed interface Outcome {
    /// It happened (now, or before an answer that was lost); the item after it, null if removed.
    ///
    /// @param collectionGigabytes how large the item's partition is, as far as the store told
    record Done(@Nullable Item item, double collectionGigabytes) implements Outcome {
        public Done(@Nullable Item item) {
            this(item, 0);
        }

        /// The item, for a write that leaves one.
        public Item written() {
            if (item == null) {
                throw new IllegalStateException("the write left no item");
            }
            return item;
        }
    }

    /// The condition did not hold; the item as it was found, null if there was none.
    record Refused(@Nullable Item found) implements Outcome {}

    /// What a failed condition means: one's own operation id on the item says that the write had succeeded.
    static Outcome refused(Write write, @Nullable Item found) {
        String operation = write.operation();
        boolean ours =
                operation != null
                        && found != null
                        && operation.equals(found.textOrNull(Write.OPERATION));
        return ours ? new Done(found) : new Refused(found);
    }

    default boolean done() {
        return this instanceof Done;
    }
}
