package comfyserverless.contract.model;

import java.time.Instant;

/// A model file as its folder lists it.
///
/// @param name with its subfolders, slash-separated
/// @param root which of the folder's roots it lies in (ComfyUI's pathIndex)
public record ModelFile(String folder, String name, int root, long size, Instant modified) {}
