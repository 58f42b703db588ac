package comfyserverless.diffusion.text;

import java.util.Arrays;

/// What stands at one position of a text encoder's input: a row of its own table, or a vector from elsewhere.
public sealed interface Token {

    /// A row of the encoder's token table.
    record Id(int id) implements Token {}

    /// A vector in place of a row: one of a textual inversion. The array is not copied.
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out below
    record Vector(float[] values) implements Token {

        @Override
        public boolean equals(Object other) {
            return other instanceof Vector that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }
}
