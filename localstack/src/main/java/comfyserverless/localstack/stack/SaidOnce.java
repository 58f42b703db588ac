package comfyserverless.localstack.stack;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Hands each sentence on once, whoever says it again.
final class SaidOnce implements Consumer<String> {
    private final Consumer<String> listener;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    SaidOnce(Consumer<String> listener) {
        this.listener = listener;
    }

    @Override
    public void accept(String sentence) {
        if (said.add(sentence)) {
            listener.accept(sentence);
        }
    }
}
