package io.penstock.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// HTTP as a program without an SDK speaks it; `headers` are names and values in turn.
final class RawHttp implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();

    HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        return client.send(request(uri).build(), BodyHandlers.ofString());
    }

    HttpResponse<InputStream> stream(String uri) throws IOException, InterruptedException {
        return client.send(request(uri).build(), BodyHandlers.ofInputStream());
    }

    HttpResponse<String> delete(String uri) throws IOException, InterruptedException {
        return client.send(request(uri).DELETE().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String uri, String body, String... headers) throws IOException, InterruptedException {
        return client.send(
                request(uri, headers).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    @Override
    public void close() {
        client.close();
    }

    private static HttpRequest.Builder request(String uri, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri)).header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }
}
