package comfyserverless.localstack.emulator.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One file for all callers: what becomes of one of them is nothing to the others.
class DurableStoreIT {
    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void an_interrupted_caller_does_not_close_the_store_of_the_others(@TempDir Path folder)
            throws InterruptedException {
        Path file = folder.resolve("store");
        try (DurableStore store = DurableStore.open(file)) {
            MVMap<byte[], byte[]> map = store.map("map");
            Thread givenUp =
                    Thread.ofVirtual().unstarted(() -> store.write(() -> put(map, "first")));
            givenUp.interrupt();
            givenUp.start();
            givenUp.join();
            assertThat(store.write(() -> put(map, "second"))).isEqualTo("second");
        }
        try (DurableStore again = DurableStore.open(file)) {
            MVMap<byte[], byte[]> map = again.map("map");
            assertThat(map.get(bytes("first"))).isEqualTo(bytes("first"));
            assertThat(map.get(bytes("second"))).isEqualTo(bytes("second"));
        }
    }

    private static String put(MVMap<byte[], byte[]> map, String text) {
        map.put(bytes(text), bytes(text));
        return text;
    }
}
