package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.handlers.http.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserRoutesTest {
    private final TestServer server = new TestServer();

    @Test
    void a_slash_inside_a_name_survives_once_or_twice_encoded() {
        assertThat(TestServer.text(server.post("/userdata/workflows%2Fa%20b.json", "{}")))
                .isEqualTo("\"workflows/a b.json\"");
        assertThat(TestServer.text(server.get("/userdata/workflows%252Fa%20b.json")))
                .isEqualTo("{}");
        assertThat(server.post("/userdata/workflows/a.json", "{}").status()).isEqualTo(405);
    }

    @Test
    void a_file_is_kept_where_overwrite_says_false() {
        server.post("/userdata/a.txt", "one");
        Response refused = server.post("/userdata/a.txt?overwrite=false", "two");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(TestServer.text(refused)).isEqualTo("File already exists");
        assertThat(TestServer.text(server.get("/userdata/a.txt"))).isEqualTo("one");
    }

    @Test
    void a_kept_file_is_sent_in_part_and_only_when_it_changed() {
        server.post("/userdata/a.js", "0123456789");
        Response whole = server.get("/userdata/a.js");
        assertThat(whole.headers())
                .containsEntry("content-type", "application/javascript")
                .containsEntry("content-disposition", "attachment")
                .containsKeys("etag", "last-modified");
        assertThat(TestServer.text(server.get("/userdata/a.js", "range", "bytes=2-3")))
                .isEqualTo("23");
        String etag = whole.headers().getOrDefault("etag", "none");
        assertThat(server.get("/userdata/a.js", "if-none-match", etag).status()).isEqualTo(304);
    }

    @Test
    void a_name_that_no_file_can_have_is_never_a_fault_of_the_server() {
        for (String name : List.of("a%5Cb.txt", "x".repeat(300), "a%0Ab")) {
            assertThat(server.get("/userdata/" + name).status()).as(name).isEqualTo(404);
            assertThat(server.post("/userdata/" + name, "1").status()).as(name).isEqualTo(400);
            assertThat(server.call("DELETE", "/userdata/" + name, new byte[0]).status())
                    .as(name)
                    .isEqualTo(404);
        }
        server.post("/userdata/a.txt", "1");
        assertThat(server.post("/userdata/a.txt%2Fb", "1").status()).isEqualTo(400);
        assertThat(server.post("/userdata/.", "1").status()).isEqualTo(400);
        assertThat(server.get("/userdata?dir=%00").status()).isEqualTo(404);
        assertThat(server.post("/userdata/..%2Fdefault%2Fb.txt", "1").status()).isEqualTo(200);
        assertThat(server.post("/userdata/a.txt/move/a.txt?overwrite=false", "").status())
                .isEqualTo(409);
    }

    @Test
    void a_file_moves_and_folders_are_no_files() {
        server.post("/userdata/d%2Fa.txt", "A");
        assertThat(TestServer.text(server.post("/userdata/d%2Fa.txt/move/e%2Fb.txt", "")))
                .isEqualTo("\"e/b.txt\"");
        assertThat(server.get("/userdata/d%2Fa.txt").status()).isEqualTo(404);
        assertThat(server.get("/userdata/e").status()).isEqualTo(403);
        assertThat(server.call("DELETE", "/userdata/e", new byte[0]).status()).isEqualTo(400);
        assertThat(server.post("/userdata/..%2Fx/move/y", "").status()).isEqualTo(403);
    }

    @Test
    void listings_leave_out_what_is_hidden_and_tell_more_when_asked() {
        server.post("/userdata/d%2Fa.txt", "1");
        server.post("/userdata/d%2F.hidden", "2");
        server.post("/userdata/d%2Fs%2Fc.txt", "333");
        assertThat(TestServer.text(server.get("/userdata?dir=d"))).isEqualTo("[\"a.txt\"]");
        assertThat(TestServer.text(server.get("/userdata?dir=d&recurse=true&split=true")))
                .isEqualTo("[[\"a.txt\",\"a.txt\"],[\"s/c.txt\",\"s\",\"c.txt\"]]");
        assertThat(TestServer.json(server.get("/userdata?dir=d&full_info=true")).at("/0/size"))
                .hasToString("1");
        assertThat(TestServer.text(server.get("/userdata?dir=.&recurse=true"))).contains("d/a.txt");
        assertThat(TestServer.json(server.get("/v2/userdata?path=d")).findValuesAsText("name"))
                .containsExactly("s", ".hidden", "a.txt", "c.txt");
        assertThat(server.get("/userdata?dir=none").status()).isEqualTo(404);
        assertThat(server.get("/userdata?dir=../..").status()).isEqualTo(403);
    }

    @Test
    void the_user_s_folder_is_there_before_it_holds_anything() {
        assertThat(TestServer.text(server.get("/userdata?dir=."))).isEqualTo("[]");
    }

    @Test
    void times_are_seconds_as_python_writes_them() {
        String path = "/userdata/t.txt?full_info=true";
        String seconds = server.clock.instant().getEpochSecond() + "\\.\\d{3}";
        assertThat(TestServer.text(server.post(path, "x")))
                .matches(
                        "\\{\"path\":\"t.txt\",\"size\":1,\"modified\":"
                                + seconds
                                + ",\"created\":"
                                + seconds
                                + "}");
    }

    @Test
    void settings_are_kept_one_by_one_or_together() {
        assertThat(server.post("/settings/a.b", "[1,null]").body()).isEmpty();
        server.post("/settings", "{\"c\":true}");
        assertThat(TestServer.text(server.get("/settings/a.b"))).isEqualTo("[1,null]");
        assertThat(TestServer.text(server.get("/settings")))
                .isEqualTo("{\"a.b\":[1,null],\"c\":true}");
        assertThat(TestServer.text(server.get("/settings/none"))).isEqualTo("null");
        assertThat(server.post("/settings/x", "nope").status()).isEqualTo(400);
    }

    @Test
    void there_is_one_user_unless_there_are_more() {
        assertThat(TestServer.text(server.get("/users")))
                .isEqualTo("{\"storage\":\"server\",\"migrated\":false}");
        assertThat(server.post("/users", "{\"username\":\"a\"}").status()).isEqualTo(400);
    }

    @Test
    void one_idempotency_key_of_two_users_is_two_prompts() {
        TestServer several = new TestServer(settings -> settings.withMultiUser(true));
        String ann = idOf(several, "ann");
        String bob = idOf(several, "bob");
        String first = promptOf(several, ann);
        assertThat(promptOf(several, ann)).isEqualTo(first);
        assertThat(promptOf(several, bob)).isNotEqualTo(first);
    }

    private static String idOf(TestServer server, String name) {
        return TestServer.json(server.post("/users", "{\"username\":\"" + name + "\"}")).asText();
    }

    private static String promptOf(TestServer server, String user) {
        String body = TestServer.prompt("x", "");
        return TestServer.json(
                        server.post("/prompt", body, "idempotency-key", "k", "comfy-user", user))
                .path("prompt_id")
                .asText();
    }
}
