package comfyserverless.contract.state;

import java.util.List;
import java.util.Optional;

/// Which partitions of the table a part of the system touches, by the beginnings of their keys. The
/// templates allow a function these and no others.
///
/// @param prefixes empty where a part serves nearly all of them
public record TableAccess(List<String> prefixes) {
    /// Every route there is.
    public static final TableAccess HTTP = new TableAccess(List.of());

    /// Connections, what a greeting tells (queue, tenant, count, log of missed messages), sessions.
    public static final TableAccess SOCKET =
            new TableAccess(
                    List.of("B#", "E#", "K#", "M#", "Q#", "S#", "T#", "V#", "W#", "X#", "Y#"));

    /// Counts, and the connections that hear of them; when runners were last woken.
    public static final TableAccess STATUS =
            new TableAccess(List.of("W#", "X#", "K#", "Q#", "T#", "S#", "Z#"));

    /// Jobs with all that belongs to them, runners, connections that are told, the lists of models.
    public static final TableAccess RECONCILE =
            new TableAccess(
                    List.of(
                            "A#", "B#", "D#", "E#", "F#", "H", "K#", "M#", "O#", "Q#", "R#", "S#",
                            "T", "T#", "V#", "W#", "X#"));

    /// Webhooks with their addresses, secrets and records, and what they tell: jobs, results, files.
    public static final TableAccess WEBHOOK =
            new TableAccess(List.of("B#", "D#", "F#", "H#", "Q#", "T#"));

    /// All that a job reads and writes; never users' files, keys or sessions.
    public static final TableAccess RUNNER =
            new TableAccess(
                    List.of(
                            "A#", "B#", "C#", "E#", "F#", "G", "H", "K#", "L#", "M#", "N#", "O#",
                            "Q#", "R#", "S#", "T#", "V#", "W#", "X#"));

    public TableAccess {
        prefixes = List.copyOf(prefixes);
    }

    /// Whether a partition may be touched.
    public boolean allows(String partition) {
        return prefixes.isEmpty() || prefixes.stream().anyMatch(partition::startsWith);
    }

    /// The patterns of `dynamodb:LeadingKeys`; empty for no restriction.
    public Optional<List<String>> leadingKeys() {
        return prefixes.isEmpty()
                ? Optional.empty()
                : Optional.of(prefixes.stream().map(prefix -> prefix + "*").toList());
    }
}
