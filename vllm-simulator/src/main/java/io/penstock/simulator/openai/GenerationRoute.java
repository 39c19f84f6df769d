package io.penstock.simulator.openai;

import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.engine.SyntheticText;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpResponse;
import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// `POST /v1/chat/completions` and `POST /v1/completions`: runs the request and delivers its answer, whole or as server-sent
/// events, one token each.
final class GenerationRoute implements InferenceRoute {
    private static final int TOKENS_BEFORE_FAULT = 2;
    private static final Map<String, String> STREAM_HEADERS =
            Map.of("Content-Type", "text/event-stream; charset=utf-8", "Cache-Control", "no-cache");

    private final Backend backend;
    private final GenerationRequest.Kind kind;
    private final GenerationReader reader;

    GenerationRoute(Backend backend, GenerationRequest.Kind kind) {
        this.backend = backend;
        this.kind = kind;
        this.reader = new GenerationReader(backend.model());
    }

    @Override
    public Outcome run(Exchange exchange, RequestBody body, String requestId, long nowSeconds)
            throws IOException, ApiError {
        GenerationRequest request = reader.read(kind, exchange.request(), body);
        Wire wire = new Wire(request, requestId, nowSeconds);
        Generation generation = Generation.start(request, backend, exchange);
        return request.stream().on() ? stream(request, generation, wire, exchange) : whole(request, generation, wire, exchange);
    }

    private Outcome whole(GenerationRequest request, Generation generation, Wire wire, Exchange exchange)
            throws IOException {
        Map<Integer, Wire.Choice> choices = new TreeMap<>();
        boolean aborted = false;
        while (choices.size() < request.totalChoices()) {
            Generation.Piece piece = generation.next();
            if (piece.reason() != null) {
                choices.put(piece.choice(), new Wire.Choice(generation.seed(piece.choice()), piece.token(), piece.reason()));
                aborted |= piece.reason() == FinishReason.ABORT;
            }
        }
        HttpResponse plain = HttpResponse.json(200, wire.response(choices.values().stream().toList()));
        HttpResponse response = backend.metrics().withLoad(exchange.request(), plain);
        if (backend.faults().take(FaultKind.RESET_MID_RESPONSE)) {
            exchange.sendHalf(response);
            exchange.reset();
            return Outcome.ABORTED;
        }
        if (backend.faults().take(FaultKind.STALL_MID_RESPONSE)) {
            exchange.sendHalf(response);
            stall(exchange);
            exchange.sendRest(response);
        } else {
            exchange.send(response);
        }
        return aborted ? Outcome.ABORTED : Outcome.FINISHED;
    }

    private Outcome stream(GenerationRequest request, Generation generation, Wire wire, Exchange exchange)
            throws IOException {
        exchange.startStream(200, STREAM_HEADERS);
        if (kind == GenerationRequest.Kind.CHAT) {
            for (int choice = 0; choice < request.totalChoices(); choice++) {
                exchange.write(wire.roleChunk(choice));
            }
            exchange.flush();
        }
        int tokens = 0;
        int ended = 0;
        boolean aborted = false;
        while (ended < request.totalChoices()) {
            Generation.Piece piece = generation.next();
            if (piece.reason() == null) {
                tokens++;
                String word = SyntheticText.token(generation.seed(piece.choice()), piece.token());
                exchange.write(wire.tokenChunk(piece.choice(), word, tokens));
            } else {
                ended++;
                aborted |= piece.reason() == FinishReason.ABORT;
                exchange.write(wire.finishChunk(piece.choice(), piece.reason(), tokens));
            }
            boolean faultIsDue = piece.reason() == null ? tokens == TOKENS_BEFORE_FAULT : tokens < TOKENS_BEFORE_FAULT;
            if (!generation.hasNext() || faultIsDue) {
                exchange.flush();
            }
            if (faultIsDue && spoiled(exchange)) {
                return Outcome.ABORTED;
            }
        }
        if (request.stream().usage()) {
            exchange.write(wire.usageChunk(tokens));
        }
        exchange.write("data: [DONE]\n\n");
        exchange.endStream();
        return aborted ? Outcome.ABORTED : Outcome.FINISHED;
    }

    /// Carries out a scripted fault in the middle of a stream; answers whether the stream is over.
    private boolean spoiled(Exchange exchange) {
        if (backend.faults().take(FaultKind.RESET_MID_RESPONSE)) {
            exchange.reset();
            return true;
        }
        if (backend.faults().take(FaultKind.STALL_MID_RESPONSE)) {
            stall(exchange);
        }
        return false;
    }

    private void stall(Exchange exchange) {
        CompletableFuture.anyOf(exchange.clientGone(), backend.faults().untilCleared()).join();
    }
}
