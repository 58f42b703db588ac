package comfyserverless.nodeapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputsTest {
    private static final BigInteger LARGEST_SEED = new BigInteger("18446744073709551615");

    private final Inputs inputs =
            new Inputs(
                    Map.of(
                            "steps", new Value.Json(IntNode.valueOf(20)),
                            "cfg", new Value.Json(DoubleNode.valueOf(4.5)),
                            "seed", new Value.Json(BigIntegerNode.valueOf(LARGEST_SEED)),
                            "image", Image.black(1, 2, 2),
                            "nothing", new Value.Json(NullNode.getInstance())));

    @Test
    void numbers_keep_their_value() {
        assertThat(inputs.integer("steps")).isEqualTo(20);
        assertThat(inputs.decimal("cfg")).isEqualTo(4.5);
        assertThat(inputs.decimal("steps")).isEqualTo(20.0);
    }

    @Test
    void a_seed_above_2_to_the_63_keeps_its_bits() {
        assertThat(Long.toUnsignedString(inputs.whole("seed"))).isEqualTo("18446744073709551615");
    }

    @Test
    void a_wrong_kind_names_the_input_and_both_types() {
        assertThatThrownBy(() -> inputs.mask("image"))
                .isInstanceOf(NodeException.class)
                .hasMessage("input image is Image[1, 2, 2, 3], not MASK");
    }

    @Test
    void a_missing_input_is_named() {
        assertThatThrownBy(() -> inputs.image("latent"))
                .hasMessage("missing 1 required positional argument: 'latent'");
    }

    @Test
    void null_counts_as_absent() {
        assertThat(inputs.has("nothing")).isFalse();
        assertThat(inputs.has("image")).isTrue();
        assertThat(inputs.has("unknown")).isFalse();
    }

    @Test
    void an_image_refuses_a_shape_that_does_not_fit() {
        assertThatThrownBy(() -> new Image(new float[5], 1, 1, 2, 3))
                .hasMessage("1x1x2x3 is not 5");
    }
}
