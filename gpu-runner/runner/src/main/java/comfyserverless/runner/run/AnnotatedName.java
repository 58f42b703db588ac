package comfyserverless.runner.run;

import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;

/// A file as prompts name it: `name`, `folder/name`, with ` [input]`, ` [output]` or ` [temp]` behind it
/// where it does not lie in the input folder (annotated_filepath, ComfyUI 0.3.64).
final class AnnotatedName {
    private AnnotatedName() {}

    /// The file's place; an [IllegalArgumentException] says what is wrong with the name.
    static FileRef parse(String name) {
        FileType type = FileType.INPUT;
        String path = name;
        for (FileType each : FileType.values()) {
            String mark = "[" + each.word() + "]";
            if (name.endsWith(mark)) {
                type = each;
                path = name.substring(0, name.length() - mark.length()).stripTrailing();
            }
        }
        int slash = path.lastIndexOf('/');
        return slash < 0
                ? new FileRef(type, "", path)
                : new FileRef(type, path.substring(0, slash), path.substring(slash + 1));
    }
}
