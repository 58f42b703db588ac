package comfyserverless.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Outbox outbox = new Outbox(0);

    private static Event progress(int value) {
        return new Event.Progress("p", "1", value, 100);
    }

    private static Event state() {
        return new Event.ProgressState("p", Map.of());
    }

    private static Event result(String node) {
        return new Event.Executing(node, node, "p");
    }

    private List<Event> sentUntilWait(long now) {
        List<Event> sent = new ArrayList<>();
        while (outbox.poll(now) instanceof Outbox.Next.Send send) {
            sent.add(send.event());
        }
        return sent;
    }

    @Test
    void results_keep_their_order() {
        List<Event> told = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            told.add(result("" + i));
            outbox.tell(told.getLast());
        }
        assertThat(sentUntilWait(0)).isEqualTo(told);
    }

    @Test
    void each_result_is_seen_once_before_it_is_sent_with_those_that_wait_behind_it() {
        outbox.tell(result("1"));
        outbox.show(progress(1));
        outbox.tell(result("2"));
        assertThat(fresh()).containsExactly(result("1"), result("2"));
        assertThat(fresh()).isEmpty();
        assertThat(fresh()).isEmpty();
        outbox.tell(result("3"));
        assertThat(fresh()).containsExactly(result("3"));
    }

    private List<Event> fresh() {
        return outbox.poll(0) instanceof Outbox.Next.Send send
                ? send.fresh()
                : List.of(result("none"));
    }

    @Test
    void a_later_tick_takes_the_place_of_one_that_waits() {
        outbox.show(progress(1));
        outbox.show(state());
        outbox.show(progress(2));
        assertThat(sentUntilWait(0)).containsExactly(progress(2), state());
    }

    @Test
    void a_tick_goes_before_the_result_that_follows_it_and_after_the_one_before() {
        outbox.tell(result("1"));
        outbox.show(progress(1));
        outbox.tell(result("2"));
        outbox.show(progress(2));
        assertThat(sentUntilWait(0))
                .containsExactly(result("1"), progress(1), result("2"), progress(2));
    }

    @Test
    void after_a_burst_ticks_go_out_four_times_a_second() {
        int sent = 0;
        for (int i = 0; i < 1000; i++) {
            outbox.show(progress(i));
            sent += sentUntilWait(i * SECOND / 100).size();
        }
        assertThat(sent).isBetween(20 + 38, 20 + 42);
    }

    @Test
    void a_result_does_not_wait_for_the_rate() {
        for (int i = 0; i < 30; i++) {
            outbox.show(progress(i));
            sentUntilWait(0);
        }
        assertThat(outbox.poll(0)).isInstanceOf(Outbox.Next.Wait.class);
        outbox.tell(result("1"));
        assertThat(sentUntilWait(0)).containsExactly(progress(29), result("1"));
    }

    @Test
    void the_last_tick_is_sent_when_its_time_has_come() {
        for (int i = 0; i < 30; i++) {
            outbox.show(progress(i));
            sentUntilWait(0);
        }
        assertThat(outbox.poll(0)).isEqualTo(new Outbox.Next.Wait(SECOND / 4));
        assertThat(sentUntilWait(SECOND / 4)).containsExactly(progress(29));
        assertThat(outbox.poll(SECOND / 4)).isInstanceOf(Outbox.Next.Idle.class);
    }
}
