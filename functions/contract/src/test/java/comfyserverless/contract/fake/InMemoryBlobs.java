package comfyserverless.contract.fake;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.blob.SignedPut;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// [Blobs] as a map.
public final class InMemoryBlobs implements Blobs {
    private final ConcurrentSkipListMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();

    @Override
    public void put(String key, byte[] bytes) {
        blobs.put(key, bytes.clone());
    }

    @Override
    public void put(String key, Path file) {
        try {
            blobs.put(key, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    @Override
    public Optional<InputStream> read(String key, long from) {
        byte[] bytes = blobs.get(key);
        if (bytes == null) {
            return Optional.empty();
        }
        int start = (int) Math.min(from, bytes.length);
        return Optional.of(new ByteArrayInputStream(bytes, start, bytes.length - start));
    }

    @Override
    public Optional<Long> size(String key) {
        return Optional.ofNullable(blobs.get(key)).map(bytes -> (long) bytes.length);
    }

    @Override
    public void copy(String from, String to) {
        byte[] bytes = blobs.get(from);
        if (bytes == null) {
            throw new UncheckedIOException(new IOException("no bytes at " + from));
        }
        blobs.put(to, bytes);
    }

    @Override
    public SignedPut signedPut(String key, long size, String sha256, Duration life) {
        return new SignedPut(
                URI.create("memory:/" + key), Map.of("if-none-match", "*", "x-sha256", sha256));
    }

    @Override
    public void delete(String key) {
        blobs.remove(key);
    }

    @Override
    public List<String> keys(String prefix) {
        return blobs.tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    public URI signedUrl(String key, String contentType, String disposition, Duration life) {
        return URI.create(
                "memory:/"
                        + key
                        + "?response-content-type="
                        + encoded(contentType)
                        + "&response-content-disposition="
                        + encoded(disposition));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
