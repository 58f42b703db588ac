package comfyserverless.diffusion.t5;

import comfyserverless.diffusion.weights.StateDict;

/// What the shapes in a file say about its T5 encoder.
///
/// @param width numbers per token: 4,096 in T5-XXL
/// @param layers transformer layers: 24 in T5-XXL
/// @param heads attention heads: as many as the position table has columns
/// @param vocabulary rows of the token table: 32,128
public record T5Shape(int width, int layers, int heads, int vocabulary) {

    static T5Shape of(StateDict dict) {
        String table = T5Names.table(dict);
        return new T5Shape(
                Math.toIntExact(dict.entry(table, 2).size(1)),
                dict.countIndexed("encoder.block."),
                Math.toIntExact(dict.entry(T5Names.POSITIONS, 2).size(1)),
                Math.toIntExact(dict.entry(table, 2).size(0)));
    }
}
