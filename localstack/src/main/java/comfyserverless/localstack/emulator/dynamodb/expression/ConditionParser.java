package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Parses conditions, filters and key conditions: OR binds weaker than AND, AND weaker than NOT.
public final class ConditionParser extends Parser {
    private static final Set<String> TYPES =
            Set.of("S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M");
    private static final int MAX_DEPTH = 100;

    private int depth;

    private ConditionParser(String kind, String text, Placeholders placeholders) {
        super(kind, text, placeholders);
    }

    public static Condition parse(String kind, String text, Placeholders placeholders) {
        ConditionParser parser = new ConditionParser(kind, text, placeholders);
        Condition condition = parser.or();
        parser.expectEnd();
        return condition;
    }

    private Condition or() {
        Condition left = and();
        while (takeIfWord("OR")) {
            left = new Condition.Or(left, and());
        }
        return left;
    }

    private Condition and() {
        Condition left = not();
        while (takeIfWord("AND")) {
            left = new Condition.And(left, not());
        }
        return left;
    }

    private Condition not() {
        if (++depth > MAX_DEPTH) {
            throw invalid("The expression is nested too deeply");
        }
        Condition condition;
        if (takeIfWord("NOT")) {
            condition = new Condition.Not(not());
        } else if (takeIf("(")) {
            condition = or();
            expect(")");
        } else {
            condition = simple();
        }
        depth--;
        return condition;
    }

    private Condition simple() {
        if (peek().kind() == Token.Kind.WORD
                && peekSecond().is("(")
                && !peek().text().equals("size")) {
            return function(take().text());
        }
        Operand left = operand();
        if (takeIfWord("BETWEEN")) {
            return between(left);
        }
        if (takeIfWord("IN")) {
            return in(left);
        }
        for (Condition.Comparator comparator : Condition.Comparator.values()) {
            if (takeIf(comparator.sign())) {
                return compare(left, comparator, operand());
            }
        }
        throw syntaxError();
    }

    private Condition compare(Operand left, Condition.Comparator comparator, Operand right) {
        if (left.equals(right) && left instanceof Operand.At(Path path)) {
            throw invalid(
                    "The first operand must be distinct from the remaining operands for this operator or function;"
                            + " operator: "
                            + comparator.sign()
                            + ", first operand: "
                            + path);
        }
        if (comparator != Condition.Comparator.EQ && comparator != Condition.Comparator.NE) {
            requireOrdered(comparator.sign(), left);
            requireOrdered(comparator.sign(), right);
        }
        return new Condition.Compare(left, comparator, right);
    }

    private void requireOrdered(String operator, Operand operand) {
        if (operand instanceof Operand.Literal(_, Value value) && !Ordering.isOrdered(value)) {
            throw wrongType(operator, value.type());
        }
    }

    private RuntimeException wrongType(String operator, String type) {
        return invalid(
                "Incorrect operand type for operator or function; operator or function: "
                        + operator
                        + ", operand type: "
                        + type);
    }

    private Condition between(Operand operand) {
        Operand low = operand();
        expectWord("AND");
        Operand high = operand();
        if (low instanceof Operand.Literal(_, Value from)
                && high instanceof Operand.Literal(_, Value to)) {
            requireOrdered("BETWEEN", low);
            requireOrdered("BETWEEN", high);
            if (!from.type().equals(to.type())) {
                throw invalid(
                        "The BETWEEN operator requires same data type for lower and upper bounds; lower bound"
                                + " operand: AttributeValue: {"
                                + from.type()
                                + "}, upper bound operand: AttributeValue: {"
                                + to.type()
                                + "}");
            }
            if (Ordering.compare(from, to) > 0) {
                throw invalid(
                        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound;"
                                + " lower bound operand: "
                                + Ordering.describe(from)
                                + ", upper bound operand: "
                                + Ordering.describe(to));
            }
        }
        return new Condition.Between(operand, low, high);
    }

    private Condition in(Operand operand) {
        expect("(");
        List<Operand> candidates = new ArrayList<>();
        do {
            candidates.add(operand());
        } while (takeIf(","));
        expect(")");
        if (candidates.size() > 100) {
            throw invalid(
                    "The IN operator is provided with too many operands; number of operands: "
                            + candidates.size());
        }
        return new Condition.In(operand, candidates);
    }

    private Operand operand() {
        if (peek().isWord("size") && peekSecond().is("(")) {
            take();
            expect("(");
            Path path = path();
            expect(")");
            return new Operand.SizeOf(path);
        }
        return simpleOperand();
    }

    private Condition function(String name) {
        expect("(");
        Condition condition =
                switch (name) {
                    case "attribute_exists" -> new Condition.Exists(path(), true);
                    case "attribute_not_exists" -> new Condition.Exists(path(), false);
                    case "attribute_type" -> attributeType();
                    case "begins_with" -> beginsWith();
                    case "contains" -> contains();
                    default -> throw invalid("Invalid function name; function: " + name);
                };
        expect(")");
        return condition;
    }

    private Condition attributeType() {
        Path path = path();
        expect(",");
        Operand.Literal type = literal();
        if (!(type.value() instanceof Value.S(String name)) || !TYPES.contains(name)) {
            throw invalid(
                    "Invalid attribute type name found; type: "
                            + Ordering.describe(type.value())
                            + ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
        }
        return new Condition.TypeIs(path, type);
    }

    private Condition beginsWith() {
        Operand operand = simpleOperand();
        expect(",");
        Operand prefix = simpleOperand();
        if (prefix instanceof Operand.Literal(_, Value value)
                && !(value instanceof Value.S)
                && !(value instanceof Value.B)) {
            throw wrongType("begins_with", value.type());
        }
        return new Condition.BeginsWith(operand, prefix);
    }

    private Condition contains() {
        Operand operand = simpleOperand();
        expect(",");
        return new Condition.Contains(operand, simpleOperand());
    }
}
