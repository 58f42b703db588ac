package comfyserverless.contract.job.simulation;

import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.table.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was true of every job at every moment, from the changes of the table: the model that answers are held
/// against. Moments are numbered; an answer is right if it was true at some moment between its question and itself.
final class JobSpans implements Watcher {
    /// Where a job stands, as clients may see it.
    enum Place {
        PENDING,
        RUNNING,
        ENDED,
        /// Taken out by a clear, its item not swept yet.
        CLEARED,
        /// Deleted, or never there.
        NOWHERE
    }

    private final Map<JobKey, List<Span>> spans = new TreeMap<>(JobSpans::byName);
    private final Map<JobKey, Item> items = new HashMap<>();
    private final Map<String, Long> marks = new HashMap<>();
    private final Map<JobKey, Long> stopsAsked = new HashMap<>();
    private long moment;

    /// From `from` on a job stood there, with that place in the queue.
    private record Span(Place place, String position, long from) {}

    private static int byName(JobKey a, JobKey b) {
        int tenant = a.tenant().compareTo(b.tenant());
        return tenant == 0 ? a.promptId().compareTo(b.promptId()) : tenant;
    }

    /// The number of the moment that begins now.
    long now() {
        return ++moment;
    }

    @Override
    public void changed(@Nullable Item before, @Nullable Item after) {
        if (after == null) {
            return;
        }
        String partition = after.key().partition();
        if (partition.startsWith("Q#") && after.key().sort().startsWith("J#")) {
            JobKey key = new JobKey(partition.substring(2), after.key().sort().substring(2));
            items.put(key, after);
            if (place(key, after) == Place.CLEARED && !lives(before)) {
                // a clear overtook it: it counts as accepted just before
                note(key, after, Place.PENDING);
            }
            note(key, after, place(key, after));
            if (after.has("cancel") && (before == null || !before.has("cancel"))) {
                stopsAsked.put(key, now());
            }
        } else if (partition.startsWith("T#") && after.has("clearSeq")) {
            marks.put(partition.substring(2), after.whole("clearSeq"));
            items.forEach((key, item) -> {
                if (key.tenant().equals(partition.substring(2))) {
                    note(key, item, place(key, item));
                }
            });
        }
    }

    private static boolean lives(@Nullable Item item) {
        return item != null && (item.has("pos") || item.has("run"));
    }

    private void note(JobKey key, Item item, Place place) {
        List<Span> life = spans.computeIfAbsent(key, _ -> new ArrayList<>());
        if (life.isEmpty() || life.getLast().place() != place) {
            life.add(new Span(place, item.has("pos") ? item.text("pos") : "", now()));
        }
    }

    private Place place(JobKey key, Item item) {
        return switch (item.text("st")) {
            case "P" ->
                    item.whole("seq") > marks.getOrDefault(key.tenant(), 0L)
                            ? Place.PENDING
                            : Place.CLEARED;
            case "R" -> Place.RUNNING;
            case "D" -> Place.NOWHERE;
            default -> item.has("his") ? Place.ENDED : Place.NOWHERE;
        };
    }

    /// Whether the job stood there at some moment from `from` to `to`.
    boolean ever(JobKey key, Place place, long from, long to) {
        return during(key, from, to).stream().anyMatch(span -> span.place() == place);
    }

    /// Whether the job stood in one of these places at every moment from `from` to `to`.
    boolean always(JobKey key, List<Place> places, long from, long to) {
        return during(key, from, to).stream().allMatch(span -> places.contains(span.place()));
    }

    /// Whether the job changed places more than once from `from` to `to`: what reads one after the other may miss it.
    boolean wavers(JobKey key, long from, long to) {
        return during(key, from, to).size() > 2;
    }

    private List<Span> during(JobKey key, long from, long to) {
        List<Span> found = new ArrayList<>();
        found.add(new Span(Place.NOWHERE, "", 0));
        for (Span span : spans.getOrDefault(key, List.of())) {
            if (span.from() <= from) {
                found.clear();
            }
            if (span.from() <= to) {
                found.add(span);
            }
        }
        return found;
    }

    /// The tenant's jobs that stood in one of these places at every moment from `from` to `to`.
    List<JobKey> allAlways(String tenant, List<Place> places, long from, long to) {
        return spans.keySet().stream()
                .filter(key -> key.tenant().equals(tenant))
                .filter(key -> always(key, places, from, to))
                .toList();
    }

    /// When the job last began to stand there, up to now.
    long since(JobKey key, Place place) {
        return spans.getOrDefault(key, List.of()).reversed().stream()
                .filter(span -> span.place() == place)
                .findFirst()
                .orElseThrow()
                .from();
    }

    /// The order of a job that waited from `from` to `to`, among the others.
    String position(JobKey key, long from, long to) {
        return during(key, from, to).getLast().position();
    }

    /// When the run that goes on, or the last one, was asked to stop; `Long.MAX_VALUE` if nobody did.
    long stopAsked(JobKey key) {
        long asked = stopsAsked.getOrDefault(key, Long.MAX_VALUE);
        return asked >= since(key, Place.RUNNING) ? asked : Long.MAX_VALUE;
    }

    /// The job was where it is for good: nobody will run it.
    boolean isOver(JobKey key) {
        return always(key, List.of(Place.ENDED, Place.CLEARED, Place.NOWHERE), moment, moment);
    }

    List<JobKey> known() {
        return List.copyOf(spans.keySet());
    }
}
