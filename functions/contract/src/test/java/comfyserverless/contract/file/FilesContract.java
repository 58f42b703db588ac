package comfyserverless.contract.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [Files] does, on whatever stores. Each test uses a tenant and a pool of its own.
public abstract class FilesContract {
    private static final FileRef PICTURE = new FileRef(FileType.INPUT, "", "picture.png");

    private final String pool = UUID.randomUUID().toString();
    private final String tenant = "t-" + pool;
    private Ports ports;
    private Files files;

    /// Ports for a pool that nobody else uses.
    protected abstract Ports ports(JobSettings settings);

    @BeforeEach
    void open() {
        ports = ports(SampleJobs.settings(pool).withParallelPerClient(true));
        files = ports.files();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String read(StoredFile file, long from) {
        try (InputStream stream = files.read(tenant, file, from)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_file_is_found_and_read_as_it_was_put() {
        StoredFile put = files.put(tenant, PICTURE, bytes("0123456789"));
        assertThat(files.find(tenant, PICTURE)).contains(put);
        assertThat(put.size()).isEqualTo(10);
        assertThat(read(put, 0)).isEqualTo("0123456789");
        assertThat(read(put, 7)).isEqualTo("789");
        assertThat(read(put, 10)).isEmpty();
        assertThat(files.find(tenant, new FileRef(FileType.OUTPUT, "", "picture.png"))).isEmpty();
    }

    @Test
    void equal_bytes_have_equal_etags() {
        StoredFile one = files.put(tenant, PICTURE, bytes("same"));
        FileRef other = new FileRef(FileType.INPUT, "sub", "b.png");
        assertThat(files.put(tenant, other, bytes("same")).etag()).isEqualTo(one.etag());
        assertThat(files.put(tenant, other, bytes("else")).etag()).isNotEqualTo(one.etag());
        assertThat(one.etag()).startsWith("\"").endsWith("\"");
    }

    @Test
    void a_put_replaces_and_a_put_if_absent_does_not() {
        files.put(tenant, PICTURE, bytes("one"));
        files.put(tenant, PICTURE, bytes("two"));
        assertThat(files.putIfAbsent(tenant, PICTURE, bytes("three"))).isEmpty();
        assertThat(read(files.find(tenant, PICTURE).orElseThrow(), 0)).isEqualTo("two");
        FileRef free = new FileRef(FileType.INPUT, "", "free.png");
        assertThat(files.putIfAbsent(tenant, free, bytes("four"))).isPresent();
    }

    @Test
    void a_folder_lists_its_subfolders_too() {
        for (String subfolder : List.of("", "b/c", "a")) {
            files.put(tenant, new FileRef(FileType.INPUT, subfolder, "x.png"), bytes("x"));
        }
        files.put(tenant, new FileRef(FileType.OUTPUT, "", "y.png"), bytes("y"));
        assertThat(files.list(tenant, FileType.INPUT))
                .extracting(file -> file.ref().subfolder())
                .containsExactly("", "a", "b/c");
        assertThat(files.list(tenant, FileType.INPUT, ""))
                .extracting(StoredFile::ref)
                .containsExactly(new FileRef(FileType.INPUT, "", "x.png"));
        assertThat(files.list(tenant, FileType.INPUT, "b")).isEmpty();
        assertThat(files.list(tenant, FileType.INPUT, "b/c")).hasSize(1);
    }

    @Test
    void a_deleted_file_is_gone() {
        files.put(tenant, PICTURE, bytes("x"));
        assertThat(files.delete(tenant, PICTURE)).isTrue();
        assertThat(files.delete(tenant, PICTURE)).isFalse();
        assertThat(files.find(tenant, PICTURE)).isEmpty();
    }

    @Test
    void counters_count_on_from_the_files_that_are_there() {
        for (String name : List.of("ComfyUI_00007_.png", "ComfyUI_00003_.png", "ComfyUI_x_.png")) {
            files.put(tenant, new FileRef(FileType.OUTPUT, "", name), bytes("x"));
        }
        assertThat(files.nextCounter(tenant, FileType.OUTPUT, "", "ComfyUI")).isEqualTo(8);
        assertThat(files.nextCounter(tenant, FileType.OUTPUT, "", "ComfyUI")).isEqualTo(9);
        assertThat(files.nextCounter(tenant, FileType.OUTPUT, "", "Comfy")).isEqualTo(1);
        assertThat(files.nextCounter(tenant, FileType.OUTPUT, "sub", "ComfyUI")).isEqualTo(1);
        assertThat(files.nextCounter(tenant, FileType.TEMP, "", "ComfyUI")).isEqualTo(1);
    }

    @Test
    void an_output_shows_only_while_its_run_holds_the_job(@TempDir Path folder) throws IOException {
        ports.jobs().enqueue(SampleJobs.job(new JobKey(tenant, "a"), 1));
        Claim claim = ports.claims().claim("runner").orElseThrow();
        Path local = java.nio.file.Files.writeString(folder.resolve("out.png"), "pixels");
        FileRef ref = new FileRef(FileType.OUTPUT, "day", "a_00001_.png");
        StoredFile file = files.putOutput(claim, ref, local).orElseThrow();
        assertThat(files.find(tenant, ref)).contains(file);
        assertThat(read(file, 0)).isEqualTo("pixels");

        ports.claims().giveBack(claim);
        FileRef late = new FileRef(FileType.OUTPUT, "day", "a_00002_.png");
        assertThat(files.putOutput(claim, late, local)).isEmpty();
        assertThat(files.find(tenant, late)).isEmpty();
    }

    @Test
    void the_files_of_a_run_that_lost_its_job_go_when_the_job_ends(@TempDir Path folder)
            throws IOException {
        ports.jobs().enqueue(SampleJobs.job(new JobKey(tenant, "a"), 1));
        Path local = java.nio.file.Files.writeString(folder.resolve("out.png"), "pixels");
        Claim first = ports.claims().claim("runner").orElseThrow();
        FileRef lost = new FileRef(FileType.OUTPUT, "", "a_00001_.png");
        StoredFile dangling = files.putOutput(first, lost, local).orElseThrow();
        ports.claims().giveBack(first);

        Claim second = ports.claims().claim("runner").orElseThrow();
        FileRef kept = new FileRef(FileType.OUTPUT, "", "a_00002_.png");
        StoredFile output = files.putOutput(second, kept, local).orElseThrow();
        ports.claims().finish(second, SampleJobs.result(JobResult.End.SUCCESS));
        assertThat(files.list(tenant, FileType.OUTPUT)).containsExactly(output);
        assertThat(read(output, 0)).isEqualTo("pixels");
        assertThatThrownBy(() -> read(dangling, 0)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void the_files_of_a_run_that_began_go_when_its_job_goes_back(@TempDir Path folder)
            throws IOException {
        ports.jobs().enqueue(SampleJobs.job(new JobKey(tenant, "a"), 1));
        Path local = java.nio.file.Files.writeString(folder.resolve("out.png"), "pixels");
        Claim claim = ports.claims().claim("runner").orElseThrow();
        ports.claims().start(claim);
        FileRef lost = new FileRef(FileType.OUTPUT, "", "a_00001_.png");
        StoredFile output = files.putOutput(claim, lost, local).orElseThrow();
        ports.claims().giveBack(claim);
        assertThat(files.list(tenant, FileType.OUTPUT)).isEmpty();
        assertThatThrownBy(() -> read(output, 0)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void a_signed_address_carries_type_and_disposition() {
        StoredFile file = files.put(tenant, PICTURE, bytes("x"));
        URI address = files.signedUrl(tenant, file, "image/png", "inline", Duration.ofMinutes(5));
        assertThat(address.getQuery())
                .contains("response-content-type=image/png")
                .contains("response-content-disposition=inline");
    }

    @Test
    void names_that_leave_their_folder_are_refused() {
        for (String name : List.of("", "..", "a/b", "a\\b", "a\u0000b", "x".repeat(256))) {
            assertThatThrownBy(() -> new FileRef(FileType.INPUT, "", name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new FileRef(FileType.INPUT, "a/../b", "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
