package comfyserverless.contract.table;

import java.util.Arrays;

/// An attribute's value: the three kinds that the table's items use.
public sealed interface Value {
    static Value of(String text) {
        return new Text(text);
    }

    static Value of(long number) {
        return new Whole(number);
    }

    static Value of(byte[] bytes) {
        return new Bytes(bytes);
    }

    record Text(String text) implements Value {}

    record Whole(long number) implements Value {}

    /// Bytes, compared by content.
    final class Bytes implements Value {
        private final byte[] content;

        private Bytes(byte[] bytes) {
            this.content = bytes.clone();
        }

        public byte[] content() {
            return content.clone();
        }

        public int length() {
            return content.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(content);
        }

        @Override
        public String toString() {
            return "Bytes[" + content.length + "]";
        }
    }
}
