package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QueuePollTest {
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    private final List<String> handed = new CopyOnWriteArrayList<>();

    @Test
    void what_comes_is_handed_on_one_after_the_other() {
        queue.addAll(List.of("a", "b"));
        try (QueuePoll poll = QueuePoll.start("letters", _ -> queue.take(), handed::add)) {
            await().until(() -> handed.size() == 2);
            queue.add("c");
            await().until(() -> handed.size() == 3);
            assertThat(poll).isNotNull();
        }
        assertThat(handed).containsExactly("a", "b", "c");
    }

    @Test
    void trouble_with_the_queue_or_behind_it_is_waited_out() {
        queue.addAll(List.of("a", "b"));
        AtomicInteger turns = new AtomicInteger();
        QueuePoll.Source<String> source =
                _ -> {
                    if (turns.getAndIncrement() == 0) {
                        throw new UncheckedIOException(new IOException("the queue is away"));
                    }
                    return queue.take();
                };
        try (QueuePoll poll =
                QueuePoll.start("letters", source, this::refuseA, Duration.ofMillis(1))) {
            await().until(() -> handed.contains("b"));
            assertThat(poll).isNotNull();
        }
        assertThat(handed).containsExactly("b");
        assertThat(turns).hasValueGreaterThanOrEqualTo(3);
    }

    private void refuseA(String letter) {
        if (letter.equals("a")) {
            throw new IllegalStateException("not this one");
        }
        handed.add(letter);
    }

    @Test
    void what_comes_after_the_close_is_left_to_the_queue() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        QueuePoll.Source<String> stubborn =
                _ -> {
                    asked.countDown();
                    try {
                        return queue.take();
                    } catch (InterruptedException e) {
                        return "late";
                    } finally {
                        over.countDown();
                    }
                };
        try (QueuePoll poll = QueuePoll.start("letters", stubborn, handed::add)) {
            asked.await();
            assertThat(poll).isNotNull();
        }
        over.await();
        await().during(Duration.ofMillis(100)).until(handed::isEmpty);
    }
}
