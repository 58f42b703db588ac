package comfyserverless.contract.table;

import org.jspecify.annotations.Nullable;

/// A strongly consistent read of one partition in one order.
///
/// @param range which sort keys
/// @param forward ascending, else descending
/// @param limit how many items to examine (before the filter)
/// @param filter which of the examined items to show
/// @param from where an earlier page ended, or null
public record Query(
        String partition,
        Index index,
        Range range,
        boolean forward,
        int limit,
        Condition filter,
        @Nullable Cursor from) {
    /// How many items a page examines unless told otherwise.
    public static final int PAGE = 1000;

    /// All of a partition, ascending.
    public static Query of(String partition, Index index) {
        return new Query(partition, index, new Range.Whole(), true, PAGE, Condition.always(), null);
    }

    public Query beginningWith(String prefix) {
        return with(new Range.Prefix(prefix));
    }

    public Query above(String sort) {
        return with(new Range.Above(sort));
    }

    public Query backward() {
        return new Query(partition, index, range, false, limit, filter, from);
    }

    public Query limit(int most) {
        return new Query(partition, index, range, forward, most, filter, from);
    }

    public Query where(Condition condition) {
        return new Query(partition, index, range, forward, limit, condition, from);
    }

    public Query from(Cursor cursor) {
        return new Query(partition, index, range, forward, limit, filter, cursor);
    }

    private Query with(Range other) {
        return new Query(partition, index, other, forward, limit, filter, from);
    }

    /// Which sort keys of the partition.
    public sealed interface Range {
        boolean contains(String sort);

        record Whole() implements Range {
            @Override
            public boolean contains(String sort) {
                return true;
            }
        }

        record Prefix(String prefix) implements Range {
            @Override
            public boolean contains(String sort) {
                return sort.startsWith(prefix);
            }
        }

        /// Beyond this sort key.
        record Above(String bound) implements Range {
            @Override
            public boolean contains(String sort) {
                return sort.compareTo(bound) > 0;
            }
        }
    }
}
