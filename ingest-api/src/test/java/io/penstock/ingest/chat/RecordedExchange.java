package io.penstock.ingest.chat;

import io.penstock.ingest.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An exchange that brings nothing and remembers its answer.
final class RecordedExchange implements Exchange {
    final Map<String, String> headers = new HashMap<>();
    int status;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    String text() {
        return answer.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String rawPath() {
        return "/v1/chat/completions";
    }

    @Override
    public @Nullable String query(String name) {
        return null;
    }

    @Override
    public Set<String> queryNames() {
        return Set.of();
    }

    @Override
    public @Nullable String header(String name) {
        return null;
    }

    @Override
    public String requestId() {
        return "r";
    }

    @Override
    public InputStream body() {
        return InputStream.nullInputStream();
    }

    @Override
    public byte[] body(int maxBytes, String setting) {
        return new byte[0];
    }

    @Override
    public void header(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public void respond(int answeredStatus, String contentType, byte[] body) {
        status = answeredStatus;
        answer.writeBytes(body);
    }

    @Override
    public OutputStream stream(int answeredStatus, String contentType) {
        status = answeredStatus;
        return answer;
    }

    @Override
    public void onGone(Runnable action) {
        throw new UnsupportedOperationException("this client stays");
    }
}
