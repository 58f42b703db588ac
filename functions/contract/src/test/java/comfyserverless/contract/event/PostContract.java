package comfyserverless.contract.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What [Post] does, whatever holds the sockets.
public abstract class PostContract {
    /// The sockets' other ends, as their clients see them.
    protected interface Sockets {
        /// Opens a socket; returns its connection id.
        String open();

        /// Cuts it off.
        void close(String connectionId);

        /// Waits until that many messages have come, then returns all that came: texts as they are,
        /// binary ones as `binary: ` and their bytes in hexadecimal.
        List<String> received(String connectionId, int count);
    }

    protected abstract Sockets sockets();

    /// A port to the sockets.
    ///
    /// @param binary whether true binary messages are allowed
    protected abstract Post post(boolean binary);

    @Test
    void a_text_arrives_as_it_was_posted() {
        String socket = sockets().open();
        String json = "{\"type\": \"ü \uD83D\uDE00\", \"data\": {\"a\\n\": [1, null]}}";
        assertThat(post(false).text(socket, json)).isEqualTo(Post.Outcome.SENT);
        assertThat(sockets().received(socket, 1)).containsExactly(json);
    }

    @Test
    void messages_arrive_in_the_order_in_which_they_were_posted() {
        String socket = sockets().open();
        Post post = post(true);
        for (int i = 0; i < 50; i++) {
            post.text(socket, "text " + (2 * i));
            post.binary(socket, new byte[] {(byte) i});
        }
        assertThat(sockets().received(socket, 100))
                .containsExactlyElementsOf(
                        IntStream.range(0, 50)
                                .boxed()
                                .flatMap(i ->
                                        List.of("text " + (2 * i), "binary: %02x".formatted(i))
                                                .stream())
                                .toList());
    }

    @Test
    void a_socket_gets_its_own_messages_only() {
        String one = sockets().open();
        String other = sockets().open();
        Post post = post(false);
        post.text(one, "to one");
        post.text(other, "to other");
        assertThat(sockets().received(one, 1)).containsExactly("to one");
        assertThat(sockets().received(other, 1)).containsExactly("to other");
    }

    @Test
    void a_socket_that_closed_is_gone() {
        String closed = sockets().open();
        String open = sockets().open();
        sockets().close(closed);
        assertThat(post(true).text(closed, "{}")).isEqualTo(Post.Outcome.GONE);
        assertThat(post(true).binary(closed, new byte[] {1})).isEqualTo(Post.Outcome.GONE);
        assertThat(post(true).text(open, "still here")).isEqualTo(Post.Outcome.SENT);
    }

    @Test
    void a_socket_that_was_closed_from_here_is_gone() {
        String closed = sockets().open();
        String open = sockets().open();
        post(false).disconnect(closed);
        assertThat(post(false).text(closed, "{}")).isEqualTo(Post.Outcome.GONE);
        post(false).disconnect(closed);
        assertThat(post(false).text(open, "still here")).isEqualTo(Post.Outcome.SENT);
        assertThat(sockets().received(open, 1)).containsExactly("still here");
    }

    @Test
    void a_message_beyond_the_limit_is_too_large_and_leaves_the_socket_open() {
        String socket = sockets().open();
        Post post = post(true);
        assertThat(post.text(socket, "x".repeat(Post.LARGEST + 1)))
                .isEqualTo(Post.Outcome.TOO_LARGE);
        assertThat(post.text(socket, "ü".repeat(Post.LARGEST / 2 + 1)))
                .isEqualTo(Post.Outcome.TOO_LARGE);
        assertThat(post.binary(socket, new byte[Post.LARGEST + 1]))
                .isEqualTo(Post.Outcome.TOO_LARGE);
        String longest = "x".repeat(Post.LARGEST);
        assertThat(post.text(socket, longest)).isEqualTo(Post.Outcome.SENT);
        assertThat(sockets().received(socket, 1)).containsExactly(longest);
    }

    @Test
    void without_leave_there_are_no_binary_messages() {
        String socket = sockets().open();
        Post post = post(false);
        assertThat(post.binaryAllowed()).isFalse();
        assertThat(post(true).binaryAllowed()).isTrue();
        assertThatThrownBy(() -> post.binary(socket, new byte[] {1}))
                .isInstanceOf(IllegalStateException.class);
        post.text(socket, "only this");
        assertThat(sockets().received(socket, 1)).containsExactly("only this");
    }
}
