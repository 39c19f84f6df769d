package io.penstock.standalone.command;

import io.penstock.topics.id.BatchId;
import java.io.IOException;
import java.net.ConnectException;
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
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `penstock work …`: asks and commands over the API, one call each, and says what was answered. Exit
/// codes: 0 done, 1 refused or unreachable, 2 wrong usage.
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

    @Option(
            names = "--key",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:PENSTOCK_API_KEY}",
            description = "the API key, if keys are configured; default: the environment's PENSTOCK_API_KEY")
    private @Nullable String key;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print the answer as the API gave it")
    private boolean asJson;

    @Option(names = "--why", scope = ScopeType.INHERIT, description = "the reason, kept for audit")
    private @Nullable String why;

    @Command(description = "Says why a batch or a request waits.")
    int explain(@Parameters(paramLabel = "<id>") String id) throws IOException, InterruptedException {
        return call("GET", target(id) + "/explain", Map.of(), InWords::explanation);
    }

    @Command(description = "Shows how the lanes stand.")
    int lanes() throws IOException, InterruptedException {
        return call("GET", "/lanes", Map.of(), InWords::lanes);
    }

    @Command(description = "Gives nothing more of a batch to workers; what runs goes on.")
    int pause(@Parameters(paramLabel = "<batch>") String batch) throws IOException, InterruptedException {
        return command(batch, "pause", Map.of());
    }

    @Command(description = "Undoes a pause.")
    int resume(@Parameters(paramLabel = "<batch>") String batch) throws IOException, InterruptedException {
        return command(batch, "resume", Map.of());
    }

    @Command(description = "Cancels a batch or a single request; what runs is aborted at its engine.")
    int cancel(@Parameters(paramLabel = "<batch or request>") String id) throws IOException, InterruptedException {
        return call("POST", target(id) + "/cancel", Map.of(), BatchId.isValid(id) ? InWords::batch : InWords::request);
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
        return call("GET", "/audit" + query(Map.of(), "target", target), Map.of(), InWords::audit);
    }

    @Command(description = "Lists requests that failed on every attempt and were not run again.")
    int exhausted(
            @Option(names = "--batch", description = "only lines of this batch") @Nullable String batch,
            @Option(names = "--error", description = "only with this in their last error") @Nullable String error)
            throws IOException, InterruptedException {
        Map<String, String> filter = error == null ? Map.of() : Map.of("error", error);
        return call("GET", "/exhausted" + query(filter, "batch", batch), Map.of(), InWords::exhausted);
    }

    @Command(description = "Shows one exhausted request with its body.")
    int inspect(@Parameters(paramLabel = "<request>") String id) throws IOException, InterruptedException {
        return call("GET", "/exhausted/" + encoded(id), Map.of(), InWords::inspected);
    }

    @Command(description = "Runs exhausted requests again: those named, or those that match, 100 at a time.")
    int redrive(
            @Parameters(paramLabel = "<request>", arity = "0..100") @Nullable List<String> ids,
            @Option(names = "--batch", description = "all lines of this batch") @Nullable String batch,
            @Option(names = "--custom-id", description = "only this line of the batch; may be given 100 times")
                    @Nullable
                    List<String> customIds,
            @Option(names = "--error", description = "all with this in their last error") @Nullable String error)
            throws IOException, InterruptedException {
        Map<String, Object> wanted = new LinkedHashMap<>();
        put(wanted, "ids", ids == null || ids.isEmpty() ? null : ids);
        put(wanted, "custom_ids", customIds);
        put(wanted, "batch", batch);
        put(wanted, "error", error);
        if (batch == null && customIds != null) {
            throw new ParameterException(spec().commandLine(), "Say of which batch: --batch.");
        }
        if (wanted.isEmpty()) {
            throw new ParameterException(
                    spec().commandLine(), "Say what to run again: request ids, --batch or --error.");
        }
        return call("POST", "/exhausted/redrive", wanted, InWords::redriven);
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private int command(String batch, String what, Map<String, Object> fields)
            throws IOException, InterruptedException {
        return call("POST", "/batches/" + encoded(batch) + "/" + what, fields, InWords::batch);
    }

    private static String target(String id) {
        return (BatchId.isValid(id) ? "/batches/" : "/requests/") + encoded(id);
    }

    private static String query(Map<String, String> filter, String name, @Nullable String value) {
        Map<String, String> all = new TreeMap<>(filter);
        if (value != null) {
            all.put(name, value);
        }
        return all.entrySet().stream()
                .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&", all.isEmpty() ? "" : "?", ""));
    }

    private int call(String method, String path, Map<String, Object> fields, Function<JsonNode, String> readable)
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
                        method.equals("GET")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return print(http.send(request.build(), BodyHandlers.ofString()), readable);
        } catch (ConnectException e) {
            throw new IOException("nothing answers at " + url + "; is it running? (--url says where)", e);
        }
    }

    private int print(HttpResponse<String> response, Function<JsonNode, String> readable) throws IOException {
        JsonNode answer;
        try {
            answer = JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new IOException("no Penstock answers at " + url + ": status " + response.statusCode(), e);
        }
        CommandLine line = spec().commandLine();
        if (response.statusCode() != 200) {
            line.getErr()
                    .println("penstock: "
                            + answer.at("/error/message").asString("the API answered " + response.statusCode()));
            return 1;
        }
        line.getOut().println(asJson ? JSON.writeValueAsString(answer) : readable.apply(answer));
        return 0;
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
