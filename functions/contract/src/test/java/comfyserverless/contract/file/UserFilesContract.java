package comfyserverless.contract.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.Ports;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.job.JobSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [UserFiles] and [JobLog] do, on whatever stores. Each test uses a tenant of its own.
public abstract class UserFilesContract {
    private final String tenant = "t-" + UUID.randomUUID();
    private final UserFiles.User user = new UserFiles.User(tenant, "default");
    private UserFiles files;
    private JobLog log;

    protected abstract Ports ports(JobSettings settings);

    /// Those under test, where they are not the ports' own.
    protected UserFiles userFiles(Ports ports) {
        return ports.userFiles();
    }

    @BeforeEach
    void open() {
        Ports ports = ports(JobSettings.standard());
        files = userFiles(ports);
        log = ports.jobLog();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> paths(String prefix) {
        return files.list(user, prefix).stream().map(UserFiles.UserFile::path).toList();
    }

    @Test
    void a_file_comes_back_as_it_was_written() {
        UserFiles.UserFile file = files.write(user, "workflows/a.json", bytes("{}"));
        assertThat(files.read(user, "workflows/a.json")).contains(bytes("{}"));
        assertThat(files.find(user, "workflows/a.json")).contains(file);
        assertThat(file.size()).isEqualTo(2);
        assertThat(files.read(user, "workflows/b.json")).isEmpty();
        UserFiles.User other = new UserFiles.User(tenant, "other");
        assertThat(files.read(other, "workflows/a.json")).isEmpty();
    }

    @Test
    void a_large_file_comes_back_whole() {
        byte[] large = new byte[500_000];
        large[499_999] = 7;
        files.write(user, "large.bin", large);
        assertThat(files.read(user, "large.bin")).contains(large);
        files.write(user, "large.bin", bytes("small"));
        assertThat(files.read(user, "large.bin")).contains(bytes("small"));
    }

    @Test
    void a_write_if_absent_leaves_what_is_there() {
        assertThat(files.writeIfAbsent(user, "a", bytes("1"))).isPresent();
        assertThat(files.writeIfAbsent(user, "a", bytes("2"))).isEmpty();
        assertThat(files.read(user, "a")).contains(bytes("1"));
    }

    @Test
    void a_move_takes_the_name_along_and_overwrites_only_if_asked() {
        files.write(user, "a", bytes("a"));
        files.write(user, "b", bytes("b"));
        assertThat(files.move(user, "missing", "c", false)).isEmpty();
        assertThat(files.move(user, "a", "b", false)).isEmpty();
        assertThat(files.move(user, "a", "c", false)).isPresent();
        assertThat(paths("")).containsExactly("b", "c");
        assertThat(files.move(user, "c", "b", true)).isPresent();
        assertThat(files.read(user, "b")).contains(bytes("a"));
        assertThat(paths("")).containsExactly("b");
    }

    @Test
    void a_listing_is_by_prefix_and_a_deletion_final() {
        for (String path : List.of("w/b", "w/a", "x")) {
            files.write(user, path, bytes("1"));
        }
        assertThat(paths("w/")).containsExactly("w/a", "w/b");
        assertThat(files.delete(user, "w/a")).isTrue();
        assertThat(files.delete(user, "w/a")).isFalse();
        assertThat(paths("w/")).containsExactly("w/b");
    }

    @Test
    void a_path_that_leaves_the_users_tree_is_refused() {
        for (String path : List.of("", "../a", "a/../../b", "/a", "a//b", "a/")) {
            assertThatThrownBy(() -> files.write(user, path, bytes("x")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void the_log_shows_the_newest_lines_oldest_first() {
        Instant noon = Instant.now();
        List<JobLog.Line> lines = new ArrayList<>();
        for (int i = 0; i < JobLog.LINES + 5; i++) {
            lines.add(new JobLog.Line(noon.plusMillis(i), "line " + i));
        }
        log.append(tenant, lines.subList(0, 10));
        log.append(tenant, lines.subList(10, lines.size()));
        List<JobLog.Line> newest = log.newest(tenant);
        assertThat(newest).hasSize(JobLog.LINES);
        assertThat(newest.getFirst().text()).isEqualTo("line 5");
        assertThat(newest.getLast().text()).isEqualTo("line " + (JobLog.LINES + 4));
        assertThat(log.newest("t-" + UUID.randomUUID())).isEmpty();
    }
}
