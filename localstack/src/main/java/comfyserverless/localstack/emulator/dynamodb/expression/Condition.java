package comfyserverless.localstack.emulator.dynamodb.expression;

import java.util.List;

/// A parsed condition, filter or key condition.
public sealed interface Condition {

    record And(Condition left, Condition right) implements Condition {}

    record Or(Condition left, Condition right) implements Condition {}

    record Not(Condition inner) implements Condition {}

    record Compare(Operand left, Comparator comparator, Operand right) implements Condition {}

    /// Both ends inclusive.
    record Between(Operand operand, Operand low, Operand high) implements Condition {}

    record In(Operand operand, List<Operand> candidates) implements Condition {
        public In {
            candidates = List.copyOf(candidates);
        }
    }

    /// `attribute_exists` or, with `expected` false, `attribute_not_exists`.
    record Exists(Path path, boolean expected) implements Condition {}

    record TypeIs(Path path, Operand type) implements Condition {}

    record BeginsWith(Operand operand, Operand prefix) implements Condition {}

    record Contains(Operand operand, Operand part) implements Condition {}

    /// The six comparators, by their sign.
    enum Comparator {
        EQ("="),
        NE("<>"),
        LT("<"),
        LE("<="),
        GT(">"),
        GE(">=");

        private final String sign;

        Comparator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }

        /// Whether the result of `compareTo` satisfies this comparator.
        boolean accepts(int order) {
            return switch (this) {
                case EQ -> order == 0;
                case NE -> order != 0;
                case LT -> order < 0;
                case LE -> order <= 0;
                case GT -> order > 0;
                case GE -> order >= 0;
            };
        }
    }
}
