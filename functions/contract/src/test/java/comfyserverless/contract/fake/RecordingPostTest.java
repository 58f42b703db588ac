package comfyserverless.contract.fake;

import comfyserverless.contract.event.Post;
import comfyserverless.contract.event.PostContract;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

class RecordingPostTest extends PostContract {
    private final RecordingPost withBinary = new RecordingPost(true);
    private final RecordingPost textOnly = new RecordingPost(false);
    private int opened;

    @Override
    protected Post post(boolean binary) {
        return binary ? withBinary : textOnly;
    }

    @Override
    protected Sockets sockets() {
        return new Sockets() {
            @Override
            public String open() {
                return "connection-" + ++opened;
            }

            @Override
            public void close(String connectionId) {
                withBinary.close(connectionId);
                textOnly.close(connectionId);
            }

            @Override
            public List<String> received(String connectionId, int count) {
                List<String> all = new ArrayList<>(sentTo(textOnly, connectionId));
                all.addAll(sentTo(withBinary, connectionId));
                return all;
            }
        };
    }

    private static List<String> sentTo(RecordingPost post, String connectionId) {
        return post.sent().stream()
                .filter(message -> message.connectionId().equals(connectionId))
                .map(RecordingPostTest::shown)
                .toList();
    }

    private static String shown(RecordingPost.Sent message) {
        return switch (message) {
            case RecordingPost.Sent.Text text -> text.json();
            case RecordingPost.Sent.Binary binary -> {
                StringBuilder hex = new StringBuilder("binary: ");
                binary.bytes().forEach(b -> hex.append(HexFormat.of().toHexDigits(b)));
                yield hex.toString();
            }
        };
    }
}
