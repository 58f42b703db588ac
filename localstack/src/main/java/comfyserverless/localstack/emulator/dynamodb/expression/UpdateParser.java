package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Parses UpdateExpressions: SET, REMOVE, ADD and DELETE, each at most once, in any order.
public final class UpdateParser extends Parser {
    private final List<Update.Action> actions = new ArrayList<>();

    private UpdateParser(String text, Placeholders placeholders) {
        super("UpdateExpression", text, placeholders);
    }

    public static Update parse(String text, Placeholders placeholders) {
        UpdateParser parser = new UpdateParser(text, placeholders);
        Set<String> seen = new HashSet<>();
        do {
            parser.clause(seen);
        } while (parser.peek().kind() != Token.Kind.END);
        parser.checkPaths();
        return new Update(parser.actions);
    }

    private void clause(Set<String> seen) {
        String clause = peek().text().toUpperCase(Locale.ROOT);
        if (!Set.of("SET", "REMOVE", "ADD", "DELETE").contains(clause)) {
            throw syntaxError();
        }
        if (!seen.add(clause)) {
            throw invalid(
                    "The \""
                            + clause
                            + "\" section can only be used once in an update expression;");
        }
        take();
        do {
            actions.add(action(clause));
        } while (takeIf(","));
    }

    private Update.Action action(String clause) {
        Path path = path();
        return switch (clause) {
            case "SET" -> {
                expect("=");
                yield new Update.Action.Set(path, sum());
            }
            case "REMOVE" -> new Update.Action.Remove(path);
            case "ADD" -> add(path);
            default -> delete(path);
        };
    }

    private Operand sum() {
        Operand left = term();
        if (takeIf("+")) {
            return new Operand.Sum(left, number("+", term()), false);
        }
        if (takeIf("-")) {
            return new Operand.Sum(left, number("-", term()), true);
        }
        return left;
    }

    private Operand number(String operator, Operand operand) {
        if (operand instanceof Operand.Literal(_, Value value) && !(value instanceof Value.N)) {
            throw invalid(
                    "Incorrect operand type for operator or function; operator or function: "
                            + operator
                            + ", operand type: "
                            + value.type());
        }
        return operand;
    }

    private Operand term() {
        if (takeIf("(")) {
            Operand inner = sum();
            expect(")");
            return inner;
        }
        if (peek().kind() != Token.Kind.WORD || !peekSecond().is("(")) {
            return simpleOperand();
        }
        String function = take().text();
        expect("(");
        Operand result =
                switch (function) {
                    case "if_not_exists" -> {
                        Path path = path();
                        expect(",");
                        yield new Operand.IfNotExists(path, term());
                    }
                    case "list_append" -> {
                        Operand first = term();
                        expect(",");
                        yield new Operand.ListAppend(first, term());
                    }
                    default -> throw invalid("Invalid function name; function: " + function);
                };
        expect(")");
        return result;
    }

    private Update.Action add(Path path) {
        Value value = literal().value();
        if (!(value instanceof Value.N) && !(value instanceof Value.SetOf)) {
            throw wrongType("ADD", value, "ALLOWED_FOR_ADD_OPERAND");
        }
        return new Update.Action.Add(path, value);
    }

    private Update.Action delete(Path path) {
        Value value = literal().value();
        if (value instanceof Value.SetOf members) {
            return new Update.Action.Delete(path, members);
        }
        throw wrongType("DELETE", value, "ALLOWED_FOR_DELETE_OPERAND");
    }

    private RuntimeException wrongType(String operator, Value value, String allowed) {
        return invalid(
                "Incorrect operand type for operator or function; operator: "
                        + operator
                        + ", operand type: "
                        + value.type()
                        + ", typeSet: "
                        + allowed);
    }

    private void checkPaths() {
        for (int i = 0; i < actions.size(); i++) {
            for (int j = i + 1; j < actions.size(); j++) {
                Path one = actions.get(i).path();
                Path two = actions.get(j).path();
                if (one.overlaps(two)) {
                    throw pathError("Two document paths overlap with each other", one, two);
                }
                if (one.conflicts(two)) {
                    throw pathError("Two document paths conflict with each other", one, two);
                }
            }
        }
    }

    private RuntimeException pathError(String problem, Path one, Path two) {
        return invalid(
                problem
                        + "; must remove or rewrite one of these paths; path one: "
                        + one
                        + ", path two: "
                        + two);
    }
}
