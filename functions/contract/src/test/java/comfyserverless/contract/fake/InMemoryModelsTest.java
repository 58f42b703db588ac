package comfyserverless.contract.fake;

import comfyserverless.contract.model.Models;
import comfyserverless.contract.model.ModelsContract;
import java.util.Map;

class InMemoryModelsTest extends ModelsContract {
    @Override
    protected Models holding(Map<String, byte[]> files) {
        InMemoryModels models = new InMemoryModels();
        files.forEach((path, bytes) -> {
            int slash = path.indexOf('/');
            models.with(path.substring(0, slash), path.substring(slash + 1), bytes);
        });
        return models;
    }
}
