package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.aws.ServiceException;
import java.util.ArrayList;
import java.util.List;

/// Cuts an expression into tokens; the last one is always END.
final class Lexer {
    private static final int MAX_BYTES = 4096;

    private final String kind;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    static List<Token> tokens(String kind, String text) {
        if (text.isBlank()) {
            throw ServiceException.validation(
                    "Invalid " + kind + ": The expression can not be empty;");
        }
        if (text.length() > MAX_BYTES) {
            throw ServiceException.validation(
                    "Invalid "
                            + kind
                            + ": Expression size has exceeded the maximum allowed size; expression size: "
                            + text.length());
        }
        return new Lexer(kind, text).run();
    }

    private List<Token> run() {
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                tokens.add(new Token(Token.Kind.END, "<EOF>", at, at));
                return tokens;
            }
            next(text.charAt(at));
        }
    }

    private void next(char first) {
        if (first == '#') {
            take(Token.Kind.NAME_PLACEHOLDER, wordEnd(at + 1));
        } else if (first == ':') {
            take(Token.Kind.VALUE_PLACEHOLDER, wordEnd(at + 1));
        } else if (isDigit(first)) {
            int end = at;
            while (end < text.length() && isDigit(text.charAt(end))) {
                end++;
            }
            take(Token.Kind.NUMBER, end);
        } else if (isWordPart(first)) {
            take(Token.Kind.WORD, wordEnd(at));
        } else {
            take(Token.Kind.SIGN, at + signLength(first));
        }
    }

    private int signLength(char first) {
        char second = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if ((first == '<' && (second == '>' || second == '=')) || (first == '>' && second == '=')) {
            return 2;
        }
        if ("()[].,=<>+-".indexOf(first) < 0) {
            throw ServiceException.validation(
                    "Invalid "
                            + kind
                            + ": Syntax error; token: \""
                            + first
                            + "\", near: \""
                            + text.substring(Math.max(0, at - 5), Math.min(text.length(), at + 5))
                            + "\"");
        }
        return 1;
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private void take(Token.Kind tokenKind, int end) {
        tokens.add(new Token(tokenKind, text.substring(at, end), at, end));
        at = end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
    }
}
