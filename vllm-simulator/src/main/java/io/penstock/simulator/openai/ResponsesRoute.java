package io.penstock.simulator.openai;

import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpResponse;
import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.util.Map;

/// `POST /v1/responses`: one message, whole or as events. Keeps no responses: as vLLM without
/// `VLLM_ENABLE_RESPONSES_API_STORE`, it refuses background ones and knows no earlier ones.
final class ResponsesRoute implements InferenceRoute {
    private static final Map<String, String> STREAM_HEADERS =
            Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache");

    private final Backend backend;
    private final GenerationReader reader;

    ResponsesRoute(Backend backend) {
        this.backend = backend;
        this.reader = new GenerationReader(backend.model());
    }

    @Override
    public void run(Exchange exchange, RequestBody body, Call call) throws IOException, ApiError {
        if (body.flag("background")) {
            throw ApiError.badRequest(
                    "This vLLM engine does not support `store=True` and therefore does not support the background mode."
                            + " To enable these features, set the environment variable"
                            + " `VLLM_ENABLE_RESPONSES_API_STORE=1` when launching the vLLM server.",
                    "background");
        }
        if (body.field("previous_response_id").isPresent()) {
            throw new ApiError(
                    404,
                    "Response with id '" + body.text("previous_response_id").orElse("") + "' not found.",
                    "response_id");
        }
        GenerationRequest request = reader.response(exchange.request(), body);
        ResponseWire wire = new ResponseWire(request, body, call);
        Generation generation = Generation.start(request, backend, exchange);
        if (request.stream().on()) {
            stream(generation, wire, exchange, call);
        } else {
            whole(generation, wire, exchange, call);
        }
    }

    private void whole(Generation generation, ResponseWire wire, Exchange exchange, Call call) throws IOException {
        Generation.Piece end = generation.next();
        while (end.reason() == null) {
            end = generation.next();
        }
        String answer = wire.ended(generation.text(0, end.token()), end.token(), end.reason());
        end(call, end.reason());
        exchange.send(HttpResponse.json(200, answer));
    }

    private static void stream(Generation generation, ResponseWire wire, Exchange exchange, Call call)
            throws IOException {
        exchange.startStream(200, STREAM_HEADERS);
        exchange.write(wire.opening());
        while (true) {
            Generation.Piece piece = generation.next();
            if (piece.reason() != null) {
                exchange.write(wire.closing(generation.text(0, piece.token()), piece.token(), piece.reason()));
                end(call, piece.reason());
                exchange.endStream();
                return;
            }
            exchange.write(wire.delta(generation.word(0, piece.token())));
            if (!generation.hasNext()) {
                exchange.flush();
            }
        }
    }

    private static void end(Call call, FinishReason reason) {
        call.record().end(reason == FinishReason.ABORT ? Outcome.ABORTED : Outcome.FINISHED, 200);
    }
}
