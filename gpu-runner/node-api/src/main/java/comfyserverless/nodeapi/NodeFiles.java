package comfyserverless.nodeapi;

import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.model.Models;
import java.nio.file.Path;

/// The files of the job's tenant.
public interface NodeFiles {
    /// The bytes of an input, output or temporary file as prompts name it: `name`, `folder/name`, or with
    /// ` [input]`, ` [output]`, ` [temp]` behind it.
    ///
    /// @throws NodeException if there is none
    byte[] read(String annotatedName);

    /// Whether there is such a file.
    boolean exists(String annotatedName);

    /// Stores a file that the job made.
    void save(FileRef ref, byte[] bytes);

    /// The next number for names that begin with `prefix` in a folder.
    long nextCounter(FileType type, String subfolder, String prefix);

    /// A model file on a local disk, fetched first if need be.
    ///
    /// @throws NodeException if there is none
    Path model(String folder, String name);

    /// The tenant's models.
    Models models();

    String tenant();
}
