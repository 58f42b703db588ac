package comfyserverless.localstack.emulator.dynamodb.wire;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An attribute value of DynamoDB; equality is the store's equality (1 and 1.0 are one number, sets have no order).
public sealed interface Value {

    /// The type's name on the wire: S, N, B, BOOL, NULL, SS, NS, BS, L or M.
    String type();

    record S(String text) implements Value {
        @Override
        public String type() {
            return "S";
        }
    }

    /// A decimal of at most 38 significant digits, without trailing zeros.
    record N(BigDecimal number) implements Value {
        public N {
            number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }

        @Override
        public String type() {
            return "N";
        }
    }

    record B(Bytes bytes) implements Value {
        @Override
        public String type() {
            return "B";
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public String type() {
            return "BOOL";
        }
    }

    record Null() implements Value {
        @Override
        public String type() {
            return "NULL";
        }
    }

    /// A set of S, N or B values: `elementType` is that letter.
    record SetOf(String elementType, Set<Value> members) implements Value {
        public SetOf {
            members = Collections.unmodifiableSet(new LinkedHashSet<>(members));
        }

        @Override
        public String type() {
            return elementType + "S";
        }
    }

    record L(List<Value> elements) implements Value {
        public L {
            elements = List.copyOf(elements);
        }

        @Override
        public String type() {
            return "L";
        }
    }

    /// A map; an item is one, too.
    record M(Map<String, Value> entries) implements Value {
        public M {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String type() {
            return "M";
        }
    }
}
