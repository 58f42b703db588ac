package comfyserverless.handlers.objectinfo;

import comfyserverless.contract.file.AnnotatedName;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.handlers.http.MimeTypes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One tenant's lists and files, as one request sees them: each list is read at most once, and whether
/// a file is there is asked of the file, not of a list.
public final class TenantLists implements FolderLists, NodeValidator.FilesThere {
    private final String tenant;
    private final Models models;
    private final Files files;
    private final Map<String, List<String>> modelNames = new HashMap<>();
    private @Nullable List<String> inputNames;

    public TenantLists(String tenant, Models models, Files files) {
        this.tenant = tenant;
        this.models = models;
        this.files = files;
    }

    @Override
    public List<String> models(String folder) {
        return modelNames.computeIfAbsent(
                folder, f -> models.list(tenant, f).stream().map(ModelFile::name).toList());
    }

    @Override
    public boolean hasModel(String folder, String name) {
        return models.find(tenant, folder, name).isPresent();
    }

    @Override
    public List<String> inputs(List<String> kinds) {
        return topOfInput().stream().filter(name -> isOf(kinds, name)).toList();
    }

    @Override
    public boolean exists(String annotatedName) {
        return AnnotatedName.parse(annotatedName)
                .filter(ref -> files.find(tenant, ref).isPresent())
                .isPresent();
    }

    private List<String> topOfInput() {
        List<String> known = inputNames;
        if (known == null) {
            known =
                    files.list(tenant, FileType.INPUT, "").stream()
                            .map(file -> file.ref().name())
                            .sorted()
                            .toList();
            inputNames = known;
        }
        return known;
    }

    private static boolean isOf(List<String> kinds, String name) {
        if (kinds.isEmpty()) {
            return true;
        }
        String type = MimeTypes.of(name);
        return kinds.stream()
                .anyMatch(kind -> type.startsWith(kind + "/") || name.endsWith("." + kind));
    }
}
