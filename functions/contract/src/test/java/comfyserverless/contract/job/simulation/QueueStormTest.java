package comfyserverless.contract.job.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// R6: what twenty clients are told of the queue is true. `-Dstorm.seeds=N` and `-Dstorm.operations=N` make it
/// longer.
class QueueStormTest {
    private static final long SEEDS = Long.getLong("storm.seeds", 5);
    private static final int OPERATIONS = Integer.getInteger("storm.operations", 5000);
    private static final int SEEDS_TO_CATCH = 20;

    @Test
    void every_answer_was_true_at_some_moment_while_it_was_asked() {
        assertThat(
                        LongStream.range(0, SEEDS)
                                .mapToObj(seed -> violations(seed, OPERATIONS, Mutation.NONE))
                                .flatMap(List::stream))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_RECHECK_AFTER_CLAIM", "SPLIT_CLAIM", "SPLIT_ENQUEUE"})
    void a_protocol_without_one_of_its_parts_is_caught(Mutation mutation) {
        assertThat(LongStream.range(0, SEEDS_TO_CATCH))
                .anyMatch(seed -> !violations(seed, 1000, mutation).isEmpty());
    }

    private static List<String> violations(long seed, int operations, Mutation mutation) {
        return QueueStorm.violations(seed, operations, mutation).stream()
                .map(text -> "seed " + seed + ": " + text)
                .toList();
    }
}
