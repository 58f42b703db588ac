package comfyserverless.contract.job.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Limits and meter under thousands of schedules; and, with parts of them taken out, that these schedules would
/// tell. `-Dsimulation.seeds=N` runs more of them.
class LimitsSimulationTest {
    private static final long SEEDS = Long.getLong("simulation.seeds", 1000);
    private static final long SEEDS_TO_CATCH = 1000;

    @Test
    void no_schedule_breaks_a_limit_or_counts_wrongly() {
        List<String> broken = new ArrayList<>();
        LongStream.range(0, SEEDS)
                .forEach(seed ->
                        LimitsSimulation.violations(seed, LimitFault.NONE)
                                .forEach(text -> broken.add("seed " + seed + ": " + text)));
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void limits_without_one_of_their_parts_are_caught(LimitFault fault) {
        assertThat(LongStream.range(0, SEEDS_TO_CATCH))
                .anyMatch(seed -> !LimitsSimulation.violations(seed, fault).isEmpty());
    }
}
