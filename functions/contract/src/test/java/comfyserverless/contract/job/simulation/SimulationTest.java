package comfyserverless.contract.job.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The protocol's invariants under thousands of schedules; and, with parts of the protocol taken out,
/// that these schedules would tell. `-Dsimulation.seeds=N` runs more of them.
class SimulationTest {
    private static final long SEEDS = Long.getLong("simulation.seeds", 2000);
    private static final long SEEDS_TO_CATCH = 1000;

    @Test
    void no_schedule_breaks_an_invariant() {
        List<String> broken = new ArrayList<>();
        LongStream.range(0, SEEDS)
                .forEach(seed ->
                        Simulation.violations(seed, Mutation.NONE)
                                .forEach(text -> broken.add("seed " + seed + ": " + text)));
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_protocol_without_one_of_its_parts_is_caught(Mutation mutation) {
        assertThat(LongStream.range(0, SEEDS_TO_CATCH))
                .anyMatch(seed -> !Simulation.violations(seed, mutation).isEmpty());
    }
}
