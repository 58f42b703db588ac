package comfyserverless.diffusion.weights.pickle;

import comfyserverless.diffusion.weights.pickle.Pickled.Inert;
import comfyserverless.diffusion.weights.pickle.Pickled.Name;
import comfyserverless.diffusion.weights.pickle.Pickled.None;
import comfyserverless.diffusion.weights.pickle.Pickled.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one pickle (protocols 0 to 5) into maps, lists, numbers, texts and [Pickled] values. Classes and functions are
/// names of an allow-list ([Known]); nothing is looked up, called or executed.
final class PickleReader {

    private final ByteSource in;
    private final Map<Long, Object> memo = new HashMap<>();
    private List<Object> stack = new ArrayList<>();
    private final Deque<List<Object>> marked = new ArrayDeque<>();

    PickleReader(ByteSource in) {
        this.in = in;
    }

    /// The pickled value; the source stands behind it then.
    ///
    /// @throws IOException saying what is damaged or refused, without the file's name
    Object read() throws IOException {
        try {
            int code = in.next();
            while (code != '.') {
                step(code);
                code = in.next();
            }
            return pop();
        } catch (ClassCastException e) {
            throw new IOException("its values do not fit together: " + e.getMessage(), e);
        } catch (NumberFormatException e) {
            throw new IOException("a number is none: " + e.getMessage(), e);
        }
    }

    private void step(int code) throws IOException {
        switch (code) {
            case 0x80 -> in.next(); // protocol
            case 0x95 -> in.number(8); // frame
            case '(' -> mark();
            case '0' -> pop();
            case '1' -> unmark();
            case '2' -> push(top());
            case 'N' -> push(None.NONE);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'I', 'J', 'K', 'M', 'L', 0x8a, 0x8b, 'F', 'G' -> push(number(code));
            case 'V', 'X', 0x8c, 0x8d, 'T', 'U' -> push(text(code));
            case 'B', 'C', 0x8e -> push(bytes(code));
            case ')', 't', 0x85, 0x86, 0x87 -> push(tuple(code));
            case ']', 'l', 'a', 'e' -> list(code);
            case '}', 'd', 's', 'u' -> dictionary(code);
            case 'p', 'q', 'r', 0x94 -> memo.put(memoPlace(code), top());
            case 'g' -> push(remembered(Long.parseLong(in.line())));
            case 'h' -> push(remembered(in.next()));
            case 'j' -> push(remembered(in.number(4)));
            case 'c' -> push(name(in.line(), in.line()));
            case 0x93 -> {
                String name = (String) pop();
                push(name((String) pop(), name));
            }
            case 'R', 0x81 -> {
                Tuple arguments = (Tuple) pop();
                push(Rebuilding.made(((Name) pop()).known(), arguments.items()));
            }
            case 'b' -> pop(); // a state on top of what was made says nothing about tensors
            case 'Q' -> push(Rebuilding.storage((Tuple) pop()));
            default ->
                    throw new IOException(
                            "it holds the instruction 0x%02x, which no file of tensors needs"
                                    .formatted(code));
        }
    }

    private Object number(int code) throws IOException {
        return switch (code) {
            case 'I' -> {
                String line = in.line();
                yield switch (line) {
                    case "00" -> false;
                    case "01" -> true;
                    default -> Long.parseLong(line);
                };
            }
            case 'J' -> (long) (int) in.number(4);
            case 'K' -> (long) in.next();
            case 'M' -> in.number(2);
            case 'L' -> whole(new BigInteger(in.line().replace("L", "")));
            case 0x8a -> whole(littleEndian(in.bytes(in.next())));
            case 0x8b -> whole(littleEndian(in.bytes(in.number(4))));
            case 'F' -> Double.parseDouble(in.line());
            default -> Double.longBitsToDouble(Long.reverseBytes(in.number(8)));
        };
    }

    /// As a long; larger ones stay what they are.
    private static Object whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] turned = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = bytes[bytes.length - 1 - i];
        }
        return bytes.length == 0 ? BigInteger.ZERO : new BigInteger(turned);
    }

    private String text(int code) throws IOException {
        return switch (code) {
            case 'V' -> in.line();
            case 0x8c, 'U' -> in.text(in.next());
            case 0x8d -> in.text(in.number(8));
            default -> in.text(in.number(4));
        };
    }

    private byte[] bytes(int code) throws IOException {
        return switch (code) {
            case 'C' -> in.bytes(in.next());
            case 0x8e -> in.bytes(in.number(8));
            default -> in.bytes(in.number(4));
        };
    }

    private Tuple tuple(int code) throws IOException {
        return switch (code) {
            case ')' -> new Tuple(List.of());
            case 't' -> new Tuple(unmark());
            default -> {
                List<Object> items = new ArrayList<>();
                for (int i = 0x84; i < code; i++) {
                    items.addFirst(pop());
                }
                yield new Tuple(items);
            }
        };
    }

    @SuppressWarnings("unchecked") // a list's items are any of ours
    private void list(int code) throws IOException {
        switch (code) {
            case ']' -> push(new ArrayList<>());
            case 'l' -> push(unmark());
            case 'a' -> {
                Object item = pop();
                ((List<Object>) top()).add(item);
            }
            default -> {
                List<Object> items = unmark();
                ((List<Object>) top()).addAll(items);
            }
        }
    }

    private void dictionary(int code) throws IOException {
        switch (code) {
            case '}' -> push(new LinkedHashMap<>());
            case 'd' -> {
                List<Object> items = unmark();
                push(new LinkedHashMap<>());
                putAll(items);
            }
            case 's' -> {
                Object value = pop();
                putAll(List.of(pop(), value));
            }
            default -> putAll(unmark());
        }
    }

    @SuppressWarnings("unchecked") // a map's keys and values are any of ours
    private void putAll(List<Object> items) throws IOException {
        if (top() instanceof Inert) {
            return;
        }
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i + 1 < items.size(); i += 2) {
            map.put(items.get(i), items.get(i + 1));
        }
    }

    private static Name name(String module, String name) throws IOException {
        return new Name(
                Known.of(module, name)
                        .orElseThrow(() ->
                                new IOException(
                                        "it names %s.%s, which belongs to no file of tensors"
                                                .formatted(module, name))));
    }

    private long memoPlace(int code) throws IOException {
        return switch (code) {
            case 'p' -> Long.parseLong(in.line());
            case 'q' -> in.next();
            case 'r' -> in.number(4);
            default -> memo.size();
        };
    }

    private Object remembered(long place) throws IOException {
        Object value = memo.get(place);
        if (value == null) {
            throw new IOException("it recalls number " + place + ", which it never stored");
        }
        return value;
    }

    private void mark() {
        marked.push(stack);
        stack = new ArrayList<>();
    }

    /// What was pushed since the last mark.
    private List<Object> unmark() throws IOException {
        List<Object> items = stack;
        if (marked.isEmpty()) {
            throw new IOException("a mark is missing");
        }
        stack = marked.pop();
        return items;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object top() throws IOException {
        if (stack.isEmpty()) {
            throw new IOException("a value is missing");
        }
        return stack.getLast();
    }

    private Object pop() throws IOException {
        Object value = top();
        stack.removeLast();
        return value;
    }
}
