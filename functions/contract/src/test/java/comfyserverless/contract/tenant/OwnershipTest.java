package comfyserverless.contract.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.state.TableAccess;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    private static Item item(String partition, String sort) {
        return Item.of(new Key(partition, sort));
    }

    @Test
    void somebody_is_known_for_each_kind_of_item_that_a_part_may_touch() {
        Set<String> prefixes = new TreeSet<>();
        for (TableAccess access :
                List.of(
                        TableAccess.SOCKET,
                        TableAccess.STATUS,
                        TableAccess.RECONCILE,
                        TableAccess.WEBHOOK,
                        TableAccess.RUNNER)) {
            prefixes.addAll(access.prefixes());
        }
        assertThat(prefixes).hasSizeGreaterThan(20);
        for (String prefix : prefixes) {
            Item item = item(prefix.endsWith("#") ? prefix + "studio" : prefix, "studio");
            assertThat(Ownership.of(item.with("tenant", "studio"))).as(prefix).isNotNull();
        }
    }

    @Test
    void a_tenant_owns_what_its_name_is_part_of() {
        for (String partition :
                List.of("Q#studio", "B#studio#id", "F#studio#input#a/b", "V#studio", "H#studio")) {
            assertThat(Ownership.of(item(partition, "x"))).as(partition).contains("studio");
        }
        assertThat(Ownership.of(item("A#pool", "studio"))).contains("studio");
        assertThat(Ownership.of(item("H", "studio"))).contains("studio");
        assertThat(Ownership.of(item("T", "studio"))).contains("studio");
        assertThat(Ownership.of(item("X#socket", "0").with("tenant", "studio"))).contains("studio");
    }

    @Test
    void what_everybody_uses_is_nobodys() {
        for (Item item :
                List.of(
                        item("G", "digest"),
                        item("R#default", "runner"),
                        item("Z#default", "0"),
                        item("H#scan", "0"),
                        item("H", "_shared"),
                        item("Y#try#0123", "1"))) {
            assertThat(Ownership.of(item)).as(item.key().toString()).isEmpty();
        }
    }

    @Test
    void an_item_of_an_unknown_kind_is_a_failure() {
        assertThatThrownBy(() -> Ownership.of(item("!#studio", "0")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("!#studio");
    }
}
