package io.penstock.standalone.command;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `penstock work …`: asks and commands over the API, one call each, and prints the answer. Exit codes:
/// 0 done, 1 refused or unreachable, 2 wrong usage.
@Command(
        name = "work",
        mixinStandardHelpOptions = true,
        description = "Asks about and commands live work, over the API.")
public final class OperatorCalls {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            defaultValue = "http://localhost:8080/v1",
            description = "the API; default ${DEFAULT-VALUE}")
    private String url = "http://localhost:8080/v1";

    @Option(names = "--key", scope = ScopeType.INHERIT, description = "the API key, if keys are configured")
    private @Nullable String key;

    @Option(names = "--why", scope = ScopeType.INHERIT, description = "the reason, kept for audit")
    private @Nullable String why;

    @Command(description = "Says why a batch or a request waits.")
    int explain(@Parameters(paramLabel = "<id>") String id) throws IOException, InterruptedException {
        boolean batch = id.startsWith("batch_") && id.indexOf(':') < 0;
        return call("GET", (batch ? "/batches/" : "/requests/") + encoded(id) + "/explain", Map.of(), "sentence");
    }

    @Command(description = "Shows how the lanes stand.")
    int lanes() throws IOException, InterruptedException {
        return call("GET", "/lanes", Map.of(), null);
    }

    @Command(description = "Gives nothing more of a batch to workers; what runs goes on.")
    int pause(@Parameters(paramLabel = "<batch>") String batch) throws IOException, InterruptedException {
        return command(batch, "pause", Map.of());
    }

    @Command(description = "Undoes a pause.")
    int resume(@Parameters(paramLabel = "<batch>") String batch) throws IOException, InterruptedException {
        return command(batch, "resume", Map.of());
    }

    @Command(description = "Cancels a batch; what runs is aborted at its engine.")
    int cancel(@Parameters(paramLabel = "<batch>") String batch) throws IOException, InterruptedException {
        return command(batch, "cancel", Map.of());
    }

    @Command(description = "Gives a batch another objective.")
    int priority(
            @Parameters(paramLabel = "<batch>") String batch, @Parameters(paramLabel = "<objective>") String objective)
            throws IOException, InterruptedException {
        return command(batch, "priority", Map.of("objective", objective));
    }

    @Command(description = "Extends a batch's completion window, counted from its creation.")
    int window(@Parameters(paramLabel = "<batch>") String batch, @Parameters(paramLabel = "<window>") String window)
            throws IOException, InterruptedException {
        return command(batch, "window", Map.of("completion_window", window));
    }

    @Command(description = "Runs a batch's failed lines again, as a batch of its own.")
    int retry(
            @Parameters(paramLabel = "<batch>") String batch,
            @Parameters(paramLabel = "<error code>", arity = "0..32") List<String> codes)
            throws IOException, InterruptedException {
        return command(batch, "retry", codes == null || codes.isEmpty() ? Map.of() : Map.of("codes", codes));
    }

    @Command(description = "Shows who commanded what, newest first.")
    int audit(@Parameters(paramLabel = "<batch or request>", arity = "0..1") @Nullable String target)
            throws IOException, InterruptedException {
        return call("GET", "/audit" + (target == null ? "" : "?target=" + encoded(target)), Map.of(), null);
    }

    @Command(description = "Lists requests that failed on every attempt.")
    int exhausted(@Parameters(paramLabel = "<batch>", arity = "0..1") @Nullable String batch)
            throws IOException, InterruptedException {
        return call("GET", "/exhausted" + (batch == null ? "" : "?batch=" + encoded(batch)), Map.of(), null);
    }

    @Command(description = "Runs exhausted requests again.")
    int redrive(@Parameters(paramLabel = "<request>", arity = "1..1000") List<String> ids)
            throws IOException, InterruptedException {
        return call("POST", "/exhausted/redrive", Map.of("ids", ids), null);
    }

    private int command(String batch, String what, Map<String, Object> fields)
            throws IOException, InterruptedException {
        return call("POST", "/batches/" + encoded(batch) + "/" + what, fields, null);
    }

    /// Prints the answer's `field`, or all of it.
    private int call(String method, String path, Map<String, Object> fields, @Nullable String field)
            throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(fields);
        if (why != null) {
            body.put("why", why);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return print(response.statusCode(), JSON.readTree(response.body()), field);
        }
    }

    private int print(int status, JsonNode answer, @Nullable String field) {
        var line = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        if (status != 200) {
            line.getErr().println("penstock: " + answer.at("/error/message").asString("the API answered " + status));
            return 1;
        }
        line.getOut().println(field == null ? JSON.writeValueAsString(answer) : answer.path(field).asString(""));
        return 0;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
