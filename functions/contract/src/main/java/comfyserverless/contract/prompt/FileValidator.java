package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/// The validator of nodes that load a file: it must be there (LoadImage, ComfyUI 0.3.64).
///
/// @param input which input names the file
/// @param what how the error calls it: `image` in `Invalid image file: x.png`
public record FileValidator(String input, String what) implements NodeValidator {
    @Override
    public Set<String> names() {
        return Set.of(input);
    }

    @Override
    public Verdict validate(Inputs inputs) {
        JsonNode name = inputs.get(input);
        if (name.isNull() || (name.isTextual() && inputs.files().exists(name.textValue()))) {
            return Verdict.OK;
        }
        return new Verdict.Refused("Invalid " + what + " file: " + name.asText());
    }
}
