package comfyserverless.contract.table;

/// Where a page of a [Query] ended: the last item examined.
///
/// @param sort its `SK`
/// @param indexed its key in the order that was read
public record Cursor(String sort, String indexed) {}
