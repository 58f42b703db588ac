package comfyserverless.contract.event;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which sockets of a tenant hear of a changed queue from whoever changed it: the client's own and the
/// few that connected first. It follows from the data alone, so all who ask agree.
public final class DirectSockets {
    private static final Comparator<Connection> FIRST =
            Comparator.comparing(Connection::connectedAt).thenComparing(Connection::connectionId);

    private DirectSockets() {}

    /// The client's socket first, greeted or not.
    ///
    /// @param clientId the client whose job it is about, or null
    /// @param others how many besides the client's
    public static List<Connection> of(List<Connection> all, @Nullable String clientId, int others) {
        Stream<Connection> own = all.stream().filter(c -> Objects.equals(c.clientId(), clientId));
        Stream<Connection> first =
                all.stream()
                        .filter(c -> !Objects.equals(c.clientId(), clientId))
                        .sorted(FIRST)
                        .limit(others);
        return Stream.concat(own, first).toList();
    }
}
