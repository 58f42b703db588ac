package comfyserverless.localstack.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartIT {
    @TempDir private Path folder;

    @Test
    void a_data_folder_is_lent_to_one_at_a_time() {
        Path data = folder.resolve("data");
        try (DataFolder first = DataFolder.lock(data)) {
            assertThat(first.path()).exists();
            assertThatThrownBy(() -> DataFolder.lock(data))
                    .isInstanceOf(CannotStart.class)
                    .hasMessage(
                            "The data folder %s is in use by process %d: stop that one, or give this one another folder"
                                    + " with --data DIR.",
                            data, ProcessHandle.current().pid());
        }
        assertThatCode(() -> DataFolder.lock(data).close()).doesNotThrowAnyException();
    }

    @Test
    void a_taken_port_is_named_with_the_remedy() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThatThrownBy(() -> MachineCheck.port("127.0.0.1", taken.getLocalPort()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageStartingWith(
                            "Port " + taken.getLocalPort() + " on 127.0.0.1 cannot be had")
                    .hasMessageEndingWith("choose another with --port N.");
        }
    }

    @Test
    void too_little_disk_or_memory_is_said_with_the_remedy() {
        assertThatThrownBy(() -> MachineCheck.enoughDisk(folder, 5_000_000))
                .hasMessageContaining("Only 4 MB are free")
                .hasMessageContaining("--data DIR");
        assertThatThrownBy(() -> MachineCheck.enoughMemory(512L << 20))
                .hasMessageContaining("512 MB of memory")
                .hasMessageContaining("--runners none");
    }
}
