package comfyserverless.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/adding-a-route.md shows this module's code, and keeps its listings short.
class AddingARouteTest {
    private static final Path PAGE = Path.of("../../docs/adding-a-route.md");
    private static final Pattern LISTING =
            Pattern.compile("```(java|js|python)\n(.*?)```", Pattern.DOTALL);
    private static final int LONGEST = 15;

    private static List<MatchResult> listings() throws IOException {
        String page = Files.readString(PAGE);
        String aboutPacks = page.substring(0, page.indexOf("\n## In the server\n"));
        return LISTING.matcher(aboutPacks).results().toList();
    }

    private static String sources(String language) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            for (Path file : files.filter(f -> f.toString().endsWith("." + language)).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void its_listings_stand_in_the_sources_of_the_example() throws IOException {
        List<MatchResult> own =
                listings().stream().filter(l -> !l.group(1).equals("python")).toList();
        assertThat(own).hasSizeGreaterThanOrEqualTo(4);
        for (MatchResult listing : own) {
            assertThat(sources(listing.group(1))).contains(listing.group(2));
        }
    }

    @Test
    void its_listings_have_fifteen_lines_at_most() throws IOException {
        assertThat(listings())
                .allSatisfy(listing ->
                        assertThat(listing.group(2).lines()).hasSizeLessThanOrEqualTo(LONGEST));
    }
}
