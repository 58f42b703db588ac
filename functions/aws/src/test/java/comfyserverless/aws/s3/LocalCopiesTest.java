package comfyserverless.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.model.Models.FetchProgress;
import comfyserverless.contract.table.Digests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCopiesTest {
    private static final FetchProgress UNSEEN = (bytes, of) -> {};
    private static final Path PLACE = Path.of("_shared/vae/1-2/a.safetensors");

    @TempDir private static Path temporary;

    private final ManualClock clock = new ManualClock(Instant.now());
    private final Path folder = temporary.resolve("copies-" + System.nanoTime());
    private final LocalCopies copies = new LocalCopies(folder, 200_000_000, clock);

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static InputStream range(byte[] bytes, long from, long length) {
        return new ByteArrayInputStream(bytes, (int) from, (int) length);
    }

    private static Fetch fetch(byte[] bytes, @Nullable String sha256) {
        return new Fetch("a", bytes.length, sha256, (from, length) -> range(bytes, from, length));
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void a_file_of_several_ranges_arrives_whole_and_tells_how_far_it_is() throws IOException {
        byte[] bytes = content(70_000_001);
        List<Long> progress = new ArrayList<>();
        Path file =
                copies.get(
                        PLACE,
                        fetch(bytes, Digests.hex(bytes)),
                        (fetched, of) -> progress.add(fetched));
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(progress).isSorted().endsWith(70_000_001L);
    }

    @Test
    void a_file_with_another_digest_is_refused_and_leaves_nothing() throws IOException {
        assertThatThrownBy(() -> copies.get(PLACE, fetch(content(10), "0".repeat(64)), UNSEEN))
                .isInstanceOf(UncheckedIOException.class)
                .hasStackTraceContaining("push it again");
        assertThat(files()).isEmpty();
    }

    @Test
    void a_stream_that_breaks_goes_on_where_it_was() throws IOException {
        byte[] bytes = content(100_000);
        List<Long> opened = new ArrayList<>();
        Fetch broken =
                new Fetch(
                        "a",
                        bytes.length,
                        Digests.hex(bytes),
                        (from, length) -> {
                            opened.add(from);
                            return opened.size() == 1
                                    ? new SequenceInputStream(
                                            range(bytes, from, 40_000), new Broken())
                                    : range(bytes, from, length);
                        });
        assertThat(copies.get(PLACE, broken, UNSEEN)).hasBinaryContent(bytes);
        assertThat(opened).containsExactly(0L, 40_000L);
    }

    @Test
    void a_file_that_stays_too_short_is_never_used() throws IOException {
        Fetch cut = new Fetch("a", 50, null, (from, length) -> range(content(50), from, 0));
        assertThatThrownBy(() -> copies.get(PLACE, cut, UNSEEN))
                .hasStackTraceContaining("ended at byte 0 of 50");
        assertThat(files()).isEmpty();
    }

    @Test
    void who_is_told_of_progress_may_end_the_fetch() throws IOException {
        FetchProgress stopped =
                (fetched, of) -> {
                    throw new IllegalStateException("the job was interrupted");
                };
        assertThatThrownBy(() -> copies.get(PLACE, fetch(content(10), null), stopped))
                .hasMessage("the job was interrupted");
        assertThat(files()).isEmpty();
    }

    @Test
    void two_who_want_one_file_at_once_fetch_it_once() throws Exception {
        byte[] bytes = content(1000);
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Fetch slow =
                new Fetch(
                        "a",
                        bytes.length,
                        null,
                        (from, length) -> {
                            opened.incrementAndGet();
                            begun.countDown();
                            await(go);
                            return range(bytes, from, length);
                        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Path> one = threads.submit(() -> copies.get(PLACE, slow, UNSEEN));
            begun.await();
            Future<Path> two = threads.submit(() -> copies.get(PLACE, slow, UNSEEN));
            // another file does not wait for them
            copies.get(Path.of("other"), fetch(bytes, null), UNSEEN);
            go.countDown();
            assertThat(one.get()).isEqualTo(two.get()).hasBinaryContent(bytes);
        }
        assertThat(opened).hasValue(1);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void what_a_process_that_is_gone_left_behind_is_removed_after_an_hour() throws IOException {
        Path left = folder.resolve("_shared/vae/fetch1.part");
        Files.createDirectories(left.getParent());
        Files.write(left, content(10));
        copies.get(Path.of("one"), fetch(content(10), null), UNSEEN);
        assertThat(left).exists();
        clock.advance(Duration.ofHours(2));
        copies.get(Path.of("two"), fetch(content(10), null), UNSEEN);
        assertThat(left).doesNotExist();
    }

    @Test
    void the_file_used_longest_ago_makes_room() {
        LocalCopies small = new LocalCopies(folder, 25, clock);
        Path a = small.get(Path.of("a"), fetch(content(10), null), UNSEEN);
        clock.advance(Duration.ofSeconds(1));
        Path b = small.get(Path.of("b"), fetch(content(10), null), UNSEEN);
        clock.advance(Duration.ofSeconds(1));
        small.get(Path.of("a"), fetch(content(10), null), UNSEEN);
        clock.advance(Duration.ofSeconds(1));
        Path c = small.get(Path.of("c"), fetch(content(10), null), UNSEEN);
        assertThat(a).exists();
        assertThat(b).doesNotExist();
        assertThat(c).exists();
    }

    @Test
    void a_disk_that_is_nearly_full_makes_room_before_the_limit_does() {
        AtomicLong free = new AtomicLong(LocalCopies.LEFT_FREE + 15);
        LocalCopies copies = new LocalCopies(folder, Long.MAX_VALUE, clock, free::get);
        Path a = copies.get(Path.of("a"), fetch(content(10), null), UNSEEN);
        clock.advance(Duration.ofSeconds(1));
        Path b = copies.get(Path.of("b"), fetch(content(12), null), UNSEEN);
        assertThat(a).exists();
        clock.advance(Duration.ofSeconds(1));
        free.set(LocalCopies.LEFT_FREE + 3);
        Path c = copies.get(Path.of("c"), fetch(content(10), null), UNSEEN);
        assertThat(a).doesNotExist();
        assertThat(b).exists();
        assertThat(c).exists();
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            throw new IOException("connection reset");
        }
    }
}
