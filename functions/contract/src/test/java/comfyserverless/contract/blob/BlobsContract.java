package comfyserverless.contract.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [Blobs] do, on whatever store. Each test keeps to keys of its own.
public abstract class BlobsContract {
    private final String own = "o/" + UUID.randomUUID() + "/";
    private Blobs blobs;

    protected abstract Blobs blobs();

    @BeforeEach
    void open() {
        blobs = blobs();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String read(String key, long from) throws IOException {
        Optional<InputStream> stream = blobs.read(key, from);
        assertThat(stream).as(key).isPresent();
        try (InputStream in = stream.orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void bytes_are_read_as_they_were_put_from_any_place() throws IOException {
        blobs.put(own + "a", bytes("0123456789"));
        assertThat(read(own + "a", 0)).isEqualTo("0123456789");
        assertThat(read(own + "a", 7)).isEqualTo("789");
        assertThat(read(own + "a", 10)).isEmpty();
        assertThat(read(own + "a", 99)).isEmpty();
        assertThat(blobs.read(own + "b", 0)).isEmpty();
        assertThat(blobs.read(own + "b", 5)).isEmpty();
    }

    @Test
    void a_later_put_replaces_an_earlier_one() throws IOException {
        blobs.put(own + "a", bytes("long before"));
        blobs.put(own + "a", bytes("now"));
        assertThat(read(own + "a", 0)).isEqualTo("now");
        blobs.put(own + "a", new byte[0]);
        assertThat(read(own + "a", 0)).isEmpty();
    }

    @Test
    void a_file_is_put_whole(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[3 << 20]);
        blobs.put(own + "file", file);
        assertThat(read(own + "file", 1)).hasSize((3 << 20) - 1);
        assertThatThrownBy(() -> blobs.put(own + "none", folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
    }

    @Test
    void what_is_deleted_is_gone_and_deleting_twice_does_no_harm() {
        blobs.put(own + "a", bytes("x"));
        blobs.delete(own + "a");
        blobs.delete(own + "a");
        assertThat(blobs.read(own + "a", 0)).isEmpty();
        assertThat(blobs.keys(own)).isEmpty();
    }

    @Test
    void many_are_deleted_at_once_whether_they_are_there_or_not() {
        List<String> keys = IntStream.range(0, 30).mapToObj(i -> own + "many/ü " + i).toList();
        keys.subList(0, 29).forEach(key -> blobs.put(key, bytes("x")));
        blobs.put(own + "other", bytes("x"));
        blobs.deleteAll(keys);
        blobs.deleteAll(List.of());
        assertThat(blobs.keys(own)).containsExactly(own + "other");
    }

    @Test
    void keys_are_found_by_their_beginning_in_order() {
        for (String key : new String[] {"a/2", "a/1", "ab", "b/1"}) {
            blobs.put(own + key, bytes(key));
        }
        assertThat(blobs.keys(own + "a/")).containsExactly(own + "a/1", own + "a/2");
        assertThat(blobs.keys(own + "a")).containsExactly(own + "a/1", own + "a/2", own + "ab");
        assertThat(blobs.keys(own + "c")).isEmpty();
    }

    @Test
    void a_signed_address_says_how_the_bytes_are_served() {
        blobs.put(own + "a", bytes("x"));
        URI address =
                blobs.signedUrl(
                        own + "a",
                        "image/png",
                        "inline; filename=\"a b.png\"",
                        Duration.ofMinutes(5));
        assertThat(address.getPath()).endsWith(own + "a");
        assertThat(address.getQuery())
                .contains("response-content-type=image/png")
                .contains("response-content-disposition=inline")
                .contains("filename=");
    }

    @Test
    void a_copy_has_the_bytes_and_outlives_the_original() throws IOException {
        blobs.put(own + "a", bytes("0123"));
        assertThat(blobs.size(own + "a")).contains(4L);
        assertThat(blobs.size(own + "b")).isEmpty();
        blobs.copy(own + "a", own + "copied");
        blobs.delete(own + "a");
        assertThat(read(own + "copied", 0)).isEqualTo("0123");
        assertThatThrownBy(() -> blobs.copy(own + "none", own + "b"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
    }
}
