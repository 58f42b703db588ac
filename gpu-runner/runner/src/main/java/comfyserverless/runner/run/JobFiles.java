package comfyserverless.runner.run;

import comfyserverless.contract.file.AnnotatedName;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.NodeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/// The files of a job's tenant; what the job makes is stored only while it is this runner's.
final class JobFiles implements NodeFiles {
    private final Files files;
    private final Models models;
    private final JobRun run;

    JobFiles(Files files, Models models, JobRun run) {
        this.files = files;
        this.models = models;
        this.run = run;
    }

    @Override
    public String tenant() {
        return run.claim().key().tenant();
    }

    @Override
    public byte[] read(String annotatedName) {
        StoredFile file = find(annotatedName);
        try (InputStream in = files.read(tenant(), file, 0)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + annotatedName, e);
        }
    }

    private StoredFile find(String annotatedName) {
        return AnnotatedName.parse(annotatedName)
                .flatMap(ref -> files.find(tenant(), ref))
                .orElseThrow(() -> missing("No such file: '" + annotatedName + "'"));
    }

    @Override
    public boolean exists(String annotatedName) {
        return AnnotatedName.parse(annotatedName)
                .flatMap(ref -> files.find(tenant(), ref))
                .isPresent();
    }

    private static NodeException missing(String message) {
        return new NodeException("FileNotFoundError", message);
    }

    @Override
    public void save(FileRef ref, byte[] bytes) {
        if (!run.lease().awaitWritable()) {
            throw new RunStopped(RunStopped.Reason.TAKEN_AWAY);
        }
        try {
            Path local = java.nio.file.Files.createTempFile("output-", "");
            try {
                java.nio.file.Files.write(local, bytes);
                if (files.putOutput(run.claim(), ref, local).isEmpty()) {
                    throw new RunStopped(RunStopped.Reason.TAKEN_AWAY);
                }
            } finally {
                java.nio.file.Files.deleteIfExists(local);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("storing " + ref.name(), e);
        }
    }

    @Override
    public long nextCounter(FileType type, String subfolder, String prefix) {
        return files.nextCounter(tenant(), type, subfolder, prefix);
    }

    @Override
    public Path model(String folder, String name) {
        Optional<ModelFile> file = models.find(tenant(), folder, name);
        return models.local(
                tenant(),
                file.orElseThrow(() ->
                        missing(
                                "Model in folder '"
                                        + folder
                                        + "' with filename '"
                                        + name
                                        + "' not found.")),
                (fetched, of) -> run.stop().check());
    }

    @Override
    public Models models() {
        return models;
    }
}
