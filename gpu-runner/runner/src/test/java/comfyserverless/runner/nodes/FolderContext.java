package comfyserverless.runner.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.model.Models;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.NodeFiles;
import comfyserverless.nodeapi.NodeMailbox;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// For nodes that read and save files: they stay in memory, by `folder/name [type]`.
public final class FolderContext implements NodeContext, NodeFiles {
    private final NoContext rest = new NoContext();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private long counter;

    /// Everything that was put or saved.
    public Map<String, byte[]> all() {
        return files;
    }

    /// Puts a file into the input folder.
    public void put(String name, byte[] content) {
        files.put(name + " [input]", content);
    }

    @Override
    public NodeFiles files() {
        return this;
    }

    @Override
    public boolean exists(String annotatedName) {
        return files.containsKey(
                annotatedName.endsWith("]") ? annotatedName : annotatedName + " [input]");
    }

    @Override
    public byte[] read(String annotatedName) {
        byte[] found =
                files.get(annotatedName.endsWith("]") ? annotatedName : annotatedName + " [input]");
        if (found == null) {
            throw new NodeException("FileNotFoundError", annotatedName);
        }
        return found;
    }

    @Override
    public void save(FileRef ref, byte[] bytes) {
        String folder = ref.subfolder().isEmpty() ? "" : ref.subfolder() + "/";
        files.put(folder + ref.name() + " [" + ref.type().word() + "]", bytes);
    }

    @Override
    public long nextCounter(FileType type, String subfolder, String prefix) {
        return ++counter;
    }

    @Override
    public Path model(String folder, String name) {
        throw new NodeException("FileNotFoundError", folder + "/" + name);
    }

    @Override
    public Models models() {
        throw new UnsupportedOperationException("this node has no models");
    }

    @Override
    public String tenant() {
        return "default";
    }

    @Override
    public String nodeId() {
        return rest.nodeId();
    }

    @Override
    public String promptId() {
        return rest.promptId();
    }

    @Override
    public String expansionPrefix() {
        return rest.expansionPrefix();
    }

    @Override
    public void checkStop() {
        rest.checkStop();
    }

    @Override
    public void progress(double value, double max) {
        rest.progress(value, max);
    }

    @Override
    public void progress(double value, double max, PreviewFrame picture) {
        rest.progress(value, max, picture);
    }

    @Override
    public void progressWithResult(double value, double max, PreviewFrame picture) {
        rest.progressWithResult(value, max, picture);
    }

    @Override
    public void text(String text) {
        rest.text(text);
    }

    @Override
    public void send(String type, JsonNode data) {
        rest.send(type, data);
    }

    @Override
    public void sendToClient(String type, JsonNode data) {
        rest.sendToClient(type, data);
    }

    @Override
    public NodeMailbox mailbox() {
        return rest.mailbox();
    }
}
