package comfyserverless.admin;

import java.util.ArrayList;
import java.util.List;

/// A table as text, its columns as wide as they need to be.
final class Lines {
    private final List<List<String>> rows = new ArrayList<>();

    Lines(String... heads) {
        rows.add(List.of(heads));
    }

    Lines row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /// The text, or `otherwise` if there is no row.
    String text(String otherwise) {
        if (rows.size() == 1) {
            return otherwise;
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column));
                line.append(" ".repeat(width(column) - row.get(column).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return String.join(System.lineSeparator(), lines);
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
