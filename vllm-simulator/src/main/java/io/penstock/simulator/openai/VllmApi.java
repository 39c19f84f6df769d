package io.penstock.simulator.openai;

import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpHandler;
import io.penstock.simulator.http.HttpResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// The routes of the server, by path and method.
public final class VllmApi implements HttpHandler {
    private final Map<String, Map<String, HttpHandler>> routes = new LinkedHashMap<>();
    private volatile boolean draining;

    public VllmApi(Backend backend, InstantSource clock) {
        ScriptedErrors scripted = new ScriptedErrors();
        InfoRoutes info = new InfoRoutes(backend);
        FaultRoutes faults = new FaultRoutes(backend.faults());
        GenerationRoute chat = new GenerationRoute(backend, GenerationRequest.Kind.CHAT);
        GenerationRoute completion = new GenerationRoute(backend, GenerationRequest.Kind.COMPLETION);
        routes.put("/v1/chat/completions", Map.of("POST", new InferenceHandler(backend, chat, scripted, clock)));
        routes.put("/v1/completions", Map.of("POST", new InferenceHandler(backend, completion, scripted, clock)));
        routes.put(
                "/v1/embeddings",
                Map.of("POST", new InferenceHandler(backend, new EmbeddingsRoute(backend), scripted, clock)));
        routes.put(
                "/v1/responses",
                Map.of("POST", new InferenceHandler(backend, new ResponsesRoute(backend), scripted, clock)));
        routes.put("/v1/models", Map.of("GET", info::models));
        routes.put("/health", Map.of("GET", info::health));
        routes.put("/ping", Map.of("GET", info::health, "POST", info::health));
        routes.put("/version", Map.of("GET", info::version));
        routes.put("/metrics", Map.of("GET", info::metrics));
        routes.put("/tokenize", Map.of("POST", info::tokenize));
        routes.put("/simulator/faults", Map.of("POST", faults::arm, "DELETE", faults::clear));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        Map<String, HttpHandler> methods = routes.get(exchange.request().path());
        if (methods == null) {
            exchange.send(error(404, "Not Found"));
            return;
        }
        HttpHandler handler = methods.get(exchange.request().method());
        if (handler == null) {
            exchange.send(error(405, "Method Not Allowed").with("Allow", String.join(", ", methods.keySet())));
        } else if (draining && handler instanceof InferenceHandler) {
            exchange.send(error(503, "The server is shutting down."));
        } else {
            handler.handle(exchange);
        }
    }

    /// Answers new inference requests with 503 from now on.
    public void drain() {
        draining = true;
    }

    /// An error in vLLM's shape.
    public static HttpResponse error(int status, String message) {
        return ApiError.response(status, message, null);
    }
}
