package comfyserverless.contract.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a job stands. The legal transitions are the methods; [Protocol] repeats each of them as the
/// condition of a write.
///
/// ```
/// Pending ─► Running ─► Done | Failed | Interrupted
///    ▲ │        │  └──► Deleted   (cleared before it started)
///    └─┼────────┘                 (given back, lease lost)
///      └──► Deleted
/// ```
public sealed interface JobState {
    /// The letter that stands for it in the table.
    String letter();

    /// Whether it waits or runs.
    default boolean lives() {
        return switch (this) {
            case Pending pending -> true;
            case Running running -> true;
            case Ended ended -> false;
            case Deleted deleted -> false;
        };
    }

    /// Waits in the queue.
    record Pending() implements JobState {
        static final String LETTER = "P";

        @Override
        public String letter() {
            return LETTER;
        }

        public Running claimedBy(String own, Instant now, Duration lease) {
            return new Running(own, now, now.plus(lease), null, false);
        }

        public Deleted deleted() {
            return new Deleted();
        }
    }

    /// A runner has it until the lease ends.
    record Running(
            String own,
            Instant claimed,
            Instant leaseEnd,
            @Nullable Instant started,
            boolean cancelRequested)
            implements JobState {
        static final String LETTER = "R";

        @Override
        public String letter() {
            return LETTER;
        }

        public boolean lost(Instant now, Duration grace) {
            return leaseEnd.isBefore(now.minus(grace));
        }

        /// Given back, or taken from a runner that was lost.
        public Pending backInQueue() {
            return new Pending();
        }
    }

    /// Final: stands in the history until it is deleted there.
    sealed interface Ended extends JobState permits Done, Failed, Interrupted {
        static Ended of(JobResult.End end) {
            return switch (end) {
                case SUCCESS -> new Done();
                case ERROR -> new Failed();
                case INTERRUPTED -> new Interrupted();
            };
        }
    }

    record Done() implements Ended {
        @Override
        public String letter() {
            return "S";
        }
    }

    record Failed() implements Ended {
        @Override
        public String letter() {
            return "E";
        }
    }

    record Interrupted() implements Ended {
        @Override
        public String letter() {
            return "I";
        }
    }

    /// Final: left the queue without having run; kept a day so that its id stays known.
    record Deleted() implements JobState {
        @Override
        public String letter() {
            return "D";
        }
    }
}
