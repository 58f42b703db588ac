package comfyserverless.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import comfyserverless.nodeapi.Image;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutputCacheTest {
    private static final NodeResult RESULT =
            new NodeResult(List.of(List.of(Image.black(1, 4, 4))), null, null);

    private static CacheKey key(String id) {
        return key("default", "", id);
    }

    private static CacheKey key(String tenant, String parent, String id) {
        return new CacheKey(tenant, parent, id, "Node", "signature of " + id);
    }

    private static void run(OutputCache cache, String... ids) {
        cache.begin(Stream.of(ids).map(OutputCacheTest::key).toList());
        for (String id : ids) {
            if (cache.get(key(id)) == null) {
                cache.put(key(id), RESULT);
            }
        }
    }

    private static boolean has(OutputCache cache, String id) {
        return cache.get(key(id)) != null;
    }

    @Test
    void classic_forgets_what_the_next_prompt_does_not_name() {
        OutputCache cache = OutputCache.of(new CacheMode.Classic());
        run(cache, "a", "b");
        run(cache, "b", "c");
        assertThat(has(cache, "a")).isFalse();
        assertThat(has(cache, "b")).isTrue();
    }

    @Test
    void classic_keeps_an_expansion_as_long_as_its_node() {
        OutputCache cache = OutputCache.of(new CacheMode.Classic());
        CacheKey inner = key("default", "a", "a.0.0.1");
        CacheKey innermost = key("default", "a.0.0.1", "a.0.0.1.0.0.1");
        run(cache, "a");
        cache.expanded(key("a"), List.of(inner));
        cache.put(inner, RESULT);
        cache.expanded(inner, List.of(innermost));
        cache.put(innermost, RESULT);
        run(cache, "a", "b");
        assertThat(cache.get(innermost)).isNotNull();
        run(cache, "b");
        assertThat(cache.get(inner)).isNull();
        assertThat(cache.get(innermost)).isNull();
    }

    @Test
    void classic_forgets_what_a_new_expansion_does_not_name() {
        OutputCache cache = OutputCache.of(new CacheMode.Classic());
        CacheKey before = key("default", "a", "a.0.0.1");
        run(cache, "a");
        cache.expanded(key("a"), List.of(before));
        cache.put(before, RESULT);
        cache.expanded(key("a"), List.of(key("default", "a", "a.0.0.2")));
        assertThat(cache.get(before)).isNull();
    }

    @Test
    void nodes_of_the_last_expansion_are_remembered_until_the_node_goes_or_is_another() {
        for (CacheMode mode : List.of(new CacheMode.Classic(), new CacheMode.Lru(10))) {
            OutputCache cache = OutputCache.of(mode);
            run(cache, "a");
            assertThat(cache.inner()).isEmpty();
            cache.expanded(key("a"), List.of(key("default", "a", "a.0.0.1")));
            run(cache, "a", "b");
            assertThat(cache.inner()).containsExactly("a.0.0.1");
            cache.begin(List.of(new CacheKey("default", "", "a", "Another", "x"), key("b")));
            assertThat(cache.inner()).isEmpty();
        }
    }

    @Test
    void lru_makes_room_when_a_node_expands() {
        OutputCache cache = OutputCache.of(new CacheMode.Lru(1));
        run(cache, "a");
        run(cache, "b");
        cache.expanded(key("b"), List.of(key("default", "b", "b.0.0.1")));
        assertThat(has(cache, "a")).isFalse();
        assertThat(has(cache, "b")).isTrue();
    }

    @Test
    void tenants_do_not_share() {
        for (CacheMode mode : List.of(new CacheMode.Classic(), new CacheMode.Lru(10))) {
            OutputCache cache = OutputCache.of(mode);
            run(cache, "a");
            CacheKey theirs = key("other", "", "a");
            cache.begin(List.of(theirs));
            assertThat(cache.get(theirs)).isNull();
        }
    }

    @Test
    void lru_keeps_what_was_used_last() {
        OutputCache cache = OutputCache.of(new CacheMode.Lru(2));
        run(cache, "a");
        run(cache, "b");
        run(cache, "a");
        run(cache, "c");
        run(cache, "d");
        assertThat(has(cache, "a")).isTrue();
        assertThat(has(cache, "b")).isFalse();
        assertThat(has(cache, "c")).isTrue();
    }

    @Test
    void lru_drops_nothing_that_the_running_prompt_names() {
        OutputCache cache = OutputCache.of(new CacheMode.Lru(1));
        run(cache, "a", "b", "c");
        cache.begin(Stream.of("a", "b", "c").map(OutputCacheTest::key).toList());
        assertThat(has(cache, "a") && has(cache, "b") && has(cache, "c")).isTrue();
    }

    @Test
    void none_keeps_a_result_until_it_is_released() {
        OutputCache cache = OutputCache.of(new CacheMode.None());
        run(cache, "a");
        assertThat(has(cache, "a")).isTrue();
        cache.release(key("a"));
        assertThat(has(cache, "a")).isFalse();
        run(cache, "b");
        cache.begin(List.of(key("b")));
        assertThat(has(cache, "b")).isFalse();
    }

    @Test
    void little_free_memory_drops_what_was_used_longest_ago() {
        AtomicLong free = new AtomicLong(1000);
        OutputCache cache = LruCache.ofFreeMemory(500, free::get);
        run(cache, "a");
        run(cache, "b");
        run(cache, "c");
        run(cache, "b");
        free.set(499);
        run(cache, "d");
        assertThat(has(cache, "a")).isFalse();
        assertThat(has(cache, "b")).isTrue();
        assertThat(has(cache, "c")).isTrue();
    }

    @Test
    void modes_are_read_from_their_words() {
        assertThat(CacheMode.parse("classic")).isEqualTo(new CacheMode.Classic());
        assertThat(CacheMode.parse("none")).isEqualTo(new CacheMode.None());
        assertThat(CacheMode.parse("lru:12")).isEqualTo(new CacheMode.Lru(12));
        assertThat(CacheMode.parse("lru:0")).isEqualTo(new CacheMode.Classic());
        assertThat(CacheMode.parse("ram:0.5")).isEqualTo(new CacheMode.FreeMemory(1L << 29));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheMode.parse("big"))
                .withMessage("a cache is classic, none, lru:N or ram:GIGABYTES, not \"big\"");
    }
}
