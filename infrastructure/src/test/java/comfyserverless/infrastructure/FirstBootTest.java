package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An instance's first boot, with its disks and its folders in a folder of the test, and what would change the
/// machine only written down.
class FirstBootTest {
    private static final String WRITTEN_DOWN =
            "mkfs.xfs() { echo mkfs \"$@\"; }\nmount() { echo mount \"$@\"; }\ninstall() { echo install \"$@\"; }\n";

    @TempDir private Path root;

    private List<String> boot(String... disks) throws IOException, InterruptedException {
        Path known = Files.createDirectories(root.resolve("dev/disk/by-id"));
        Files.createDirectories(root.resolve("etc/ecs"));
        for (String disk : disks) {
            Files.createFile(known.resolve(disk));
        }
        String script =
                Resources.text("first-boot.sh")
                        .replaceAll("(?<![\\w.])/(dev|etc|var)/", root + "/$1/");
        Process shell =
                new ProcessBuilder("bash", "-euc", WRITTEN_DOWN + script)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        return said.lines().map(line -> line.replace(root.toString(), "")).toList();
    }

    @Test
    void models_lie_on_the_instances_own_disk() throws IOException, InterruptedException {
        String disk = "nvme-Amazon_EC2_NVMe_Instance_Storage_AWS1";
        assertThat(boot(disk + "-part1", disk, "nvme-Amazon_Elastic_Block_Store_vol1"))
                .containsExactly(
                        "mkfs -f -q /dev/disk/by-id/" + disk,
                        "mount -o noatime,nodiscard /dev/disk/by-id/" + disk + " /var/comfy",
                        "install -d -o 10001 -g 10001 /var/comfy/models /var/comfy/scratch");
    }

    @Test
    void without_one_they_lie_on_the_root_disk() throws IOException, InterruptedException {
        assertThat(boot("nvme-Amazon_Elastic_Block_Store_vol1"))
                .containsExactly(
                        "install -d -o 10001 -g 10001 /var/comfy/models /var/comfy/scratch");
    }

    @Test
    void the_agent_tells_runners_before_a_spot_instance_goes()
            throws IOException, InterruptedException {
        boot();
        assertThat(root.resolve("etc/ecs/ecs.config"))
                .content()
                .contains("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true");
    }
}
