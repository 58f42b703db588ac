package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.aws.ServiceException;
import java.util.ArrayList;
import java.util.List;

/// What the parsers of conditions, updates and projections share: tokens, document paths and errors in DynamoDB's words.
class Parser {
    private static final int NEAR = 2;

    private final String kind;
    private final String text;
    private final List<Token> tokens;
    private final Placeholders placeholders;
    private int at;

    /// `kind` is the request's field, for example ConditionExpression.
    Parser(String kind, String text, Placeholders placeholders) {
        this.kind = kind;
        this.text = text;
        this.tokens = Lexer.tokens(kind, text);
        this.placeholders = placeholders;
    }

    String kind() {
        return kind;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peekSecond() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    boolean takeIf(String sign) {
        if (peek().is(sign)) {
            at++;
            return true;
        }
        return false;
    }

    boolean takeIfWord(String word) {
        if (peek().isWord(word)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String sign) {
        if (!takeIf(sign)) {
            throw syntaxError();
        }
    }

    void expectWord(String word) {
        if (!takeIfWord(word)) {
            throw syntaxError();
        }
    }

    void expectEnd() {
        if (peek().kind() != Token.Kind.END) {
            throw syntaxError();
        }
    }

    Path path() {
        List<Path.Step> steps = new ArrayList<>();
        steps.add(new Path.Step.Name(pathName()));
        while (true) {
            if (takeIf(".")) {
                steps.add(new Path.Step.Name(pathName()));
            } else if (takeIf("[")) {
                steps.add(new Path.Step.Index(index()));
                expect("]");
            } else {
                return new Path(steps);
            }
        }
    }

    private String pathName() {
        Token token = peek();
        return switch (token.kind()) {
            case NAME_PLACEHOLDER -> {
                at++;
                yield placeholders.name(kind, token.text());
            }
            case WORD -> {
                if (ReservedWords.contains(token.text())) {
                    throw invalid(
                            "Attribute name is a reserved keyword; reserved keyword: "
                                    + token.text());
                }
                at++;
                yield token.text();
            }
            case VALUE_PLACEHOLDER, NUMBER, SIGN, END -> throw syntaxError();
        };
    }

    private int index() {
        Token token = take();
        if (token.kind() != Token.Kind.NUMBER || token.text().length() > 9) {
            throw syntaxError(token);
        }
        return Integer.parseInt(token.text());
    }

    Operand.Literal literal() {
        Token token = peek();
        if (token.kind() != Token.Kind.VALUE_PLACEHOLDER) {
            throw syntaxError();
        }
        at++;
        return new Operand.Literal(token.text(), placeholders.value(kind, token.text()));
    }

    /// A path or a value.
    Operand simpleOperand() {
        return peek().kind() == Token.Kind.VALUE_PLACEHOLDER ? literal() : new Operand.At(path());
    }

    ServiceException invalid(String message) {
        return ServiceException.validation("Invalid " + kind + ": " + message);
    }

    ServiceException syntaxError() {
        return syntaxError(peek());
    }

    private ServiceException syntaxError(Token token) {
        int index = tokens.indexOf(token);
        int from = tokens.get(Math.max(0, index - 1)).start();
        int to = tokens.get(Math.min(tokens.size() - 1, index + NEAR - 1)).end();
        return invalid(
                "Syntax error; token: \""
                        + token.text()
                        + "\", near: \""
                        + text.substring(from, to).strip()
                        + "\"");
    }
}
