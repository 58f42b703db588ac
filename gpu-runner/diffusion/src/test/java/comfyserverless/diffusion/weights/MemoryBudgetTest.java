package comfyserverless.diffusion.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.diffusion.torch.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The smaller of the machine's memory and the container's is what may be taken.
class MemoryBudgetTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @Test
    void without_a_container_it_is_what_the_machine_has() throws IOException {
        write("proc/meminfo", "MemTotal: 2000 kB\nMemAvailable:    1000 kB\n");
        assertThat(available()).hasValue(1_024_000);
    }

    @Test
    void a_container_cuts_it_and_file_cache_counts_as_free() throws IOException {
        write("proc/meminfo", "MemAvailable: 1000 kB\n");
        write("sys/fs/cgroup/memory.max", "500000\n");
        write("sys/fs/cgroup/memory.current", "300000\n");
        write("sys/fs/cgroup/memory.stat", "anon 100000\nfile 200000\n");
        assertThat(available()).hasValue(400_000);
    }

    @Test
    void a_container_without_a_limit_changes_nothing() throws IOException {
        write("proc/meminfo", "MemAvailable: 1000 kB\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "300000\n");
        assertThat(available()).hasValue(1_024_000);
    }

    @Test
    void a_container_of_the_first_kind_is_read_too() throws IOException {
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "500000\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "300000\n");
        write("sys/fs/cgroup/memory/memory.stat", "total_cache 50000\n");
        assertThat(available()).hasValue(250_000);
    }

    @Test
    void a_system_that_does_not_tell_sets_no_bound() {
        assertThat(available()).isEmpty();
    }

    @Test
    void a_model_that_needs_more_than_is_free_is_refused_with_both_figures() throws IOException {
        Path file =
                SafetensorsFiles.write(
                        root.resolve("big.safetensors"),
                        "{\"w\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}",
                        new byte[8]);
        StateDict dict = StateDict.read(file);
        LoadingNeed need = LoadingNeed.of(dict, DType.F32).plus(new LoadingNeed(5L << 30, 0));
        assertThat(need.converted()).isEqualTo(16);
        assertThatThrownBy(() -> need.refuseBeyond(OptionalLong.of(1L << 30), dict))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("about 5,420 MiB")
                .hasMessageContaining("only 1,024 MiB is free");
    }

    private OptionalLong available() {
        return new MemoryBudget(root).available();
    }

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
