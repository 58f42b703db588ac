package comfyserverless.nodeharness;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.NodeFiles;
import comfyserverless.nodeapi.NodeMailbox;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A context that writes down what a node says; nodes may use it on threads of their own.
final class Recording implements NodeContext, NodeMailbox {
    final List<Ran.Step> steps = new CopyOnWriteArrayList<>();
    final List<PreviewFrame> previews = new CopyOnWriteArrayList<>();
    final List<String> texts = new CopyOnWriteArrayList<>();
    final List<Ran.Message> messages = new CopyOnWriteArrayList<>();
    final MemoryFiles files;
    private final List<JsonNode> letters;
    private final int stopAt;
    private final AtomicInteger looks = new AtomicInteger();

    Recording(MemoryFiles files, List<JsonNode> letters, int stopAt) {
        this.files = files;
        this.letters = letters;
        this.stopAt = stopAt;
    }

    @Override
    public String nodeId() {
        return Given.NODE_ID;
    }

    @Override
    public String promptId() {
        return "00000000-0000-4000-8000-000000000000";
    }

    @Override
    public String expansionPrefix() {
        return Given.NODE_ID + ".0.0.";
    }

    @Override
    public void checkStop() {
        int look = looks.incrementAndGet();
        if (look >= stopAt) {
            throw new StoppedRun(look);
        }
    }

    @Override
    public void progress(double value, double max) {
        checkStop();
        steps.add(new Ran.Step(value, max));
    }

    @Override
    public void progress(double value, double max, PreviewFrame picture) {
        progress(value, max);
        previews.add(picture);
    }

    @Override
    public void progressWithResult(double value, double max, PreviewFrame picture) {
        progress(value, max, picture);
    }

    @Override
    public void text(String text) {
        checkStop();
        texts.add(text);
    }

    @Override
    public void send(String type, JsonNode data) {
        checkStop();
        messages.add(new Ran.Message(type, data, true));
    }

    @Override
    public void sendToClient(String type, JsonNode data) {
        checkStop();
        messages.add(new Ran.Message(type, data, false));
    }

    @Override
    public NodeMailbox mailbox() {
        return this;
    }

    /// Nobody posts while a test runs: what is not there will not come.
    @Override
    public JsonNode await() {
        checkStop();
        return poll().orElseThrow(() ->
                new NodeException(
                        "TimeoutError", "no letter is left; give more by NodeHarness.withLetter"));
    }

    @Override
    public Optional<JsonNode> poll() {
        synchronized (letters) {
            return letters.isEmpty() ? Optional.empty() : Optional.of(letters.removeFirst());
        }
    }

    @Override
    public NodeFiles files() {
        return files;
    }
}
