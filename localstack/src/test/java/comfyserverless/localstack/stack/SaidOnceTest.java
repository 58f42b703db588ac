package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaidOnceTest {
    @Test
    void what_both_halves_of_the_process_say_of_a_pack_is_heard_once() {
        List<String> heard = new ArrayList<>();
        SaidOnce said = new SaidOnce(heard::add);
        said.accept("glow.jar was left out");
        said.accept("haze.jar was left out");
        said.accept("glow.jar was left out");
        assertThat(heard).containsExactly("glow.jar was left out", "haze.jar was left out");
    }
}
