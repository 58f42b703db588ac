package comfyserverless.contract.state;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One filter of the event source mapping between the table's stream and its function. The service
/// cannot compare an old image with a new one, so each way of a job's `st` is a filter of its own.
///
/// @param event INSERT or MODIFY
/// @param before what `st` was; null for an item that was not there
/// @param after what `st` is
public record StreamFilter(String event, @Nullable States before, States after) {
    private static final String INSERT = "INSERT";
    private static final String MODIFY = "MODIFY";
    private static final String JOBS = "Q#";

    /// What lets exactly those changes through that sockets must hear of or runners wake for: a job came,
    /// a waiting one was taken or removed, a running one ended or came back, an ended one's id came again.
    /// Heartbeats, other items and expiry pass none of them.
    public static final List<StreamFilter> JOB_CHANGES =
            List.of(
                    new StreamFilter(INSERT, null, States.any("P")),
                    new StreamFilter(MODIFY, States.any("P"), States.but("P")),
                    new StreamFilter(MODIFY, States.any("R"), States.but("R")),
                    new StreamFilter(MODIFY, States.but("P", "R"), States.any("P", "R")));

    /// A set of states, as the letters of `st`, or all but a set.
    ///
    /// @param excluded whether the letters are the ones that do not belong to it
    public record States(List<String> letters, boolean excluded) {
        public States {
            letters = List.copyOf(letters);
        }

        static States any(String... letters) {
            return new States(List.of(letters), false);
        }

        static States but(String... letters) {
            return new States(List.of(letters), true);
        }

        boolean contain(@Nullable String letter) {
            return letter != null && letters.contains(letter) != excluded;
        }

        private String pattern() {
            String list =
                    letters.stream()
                            .map(letter -> "\"" + letter + "\"")
                            .collect(Collectors.joining(",", "[", "]"));
            return "{\"st\":{\"S\":"
                    + (excluded ? "[{\"anything-but\":" + list + "}]" : list)
                    + "}}";
        }
    }

    /// Whether a change passes.
    ///
    /// @param event INSERT, MODIFY or REMOVE
    public boolean passes(
            String event, String partition, @Nullable String before, @Nullable String after) {
        boolean old = this.before == null || this.before.contain(before);
        return this.event.equals(event)
                && partition.startsWith(JOBS)
                && old
                && this.after.contain(after);
    }

    /// The filter in the service's pattern language, JSON.
    public String pattern() {
        String images =
                (before == null ? "" : ",\"OldImage\":" + before.pattern())
                        + ",\"NewImage\":"
                        + after.pattern();
        return "{\"eventName\":[\""
                + event
                + "\"],\"dynamodb\":{\"Keys\":{\"PK\":{\"S\":[{\"prefix\":\""
                + JOBS
                + "\"}]}}"
                + images
                + "}}";
    }
}
