package io.penstock.simulator.openai;

import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpResponse;
import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// `POST /v1/chat/completions` and `POST /v1/completions`: runs the request and delivers its answer,
/// whole or as server-sent events, one token each.
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
    public void run(Exchange exchange, RequestBody body, Call call) throws IOException, ApiError {
        GenerationRequest request = reader.read(kind, exchange.request(), body);
        Wire wire = new Wire(request, call.requestId(), call.nowSeconds());
        Generation generation = Generation.start(request, backend, exchange);
        if (request.stream().on()) {
            stream(generation, wire, exchange, call);
        } else {
            whole(generation, wire, exchange, call);
        }
    }

    private void whole(Generation generation, Wire wire, Exchange exchange, Call call) throws IOException {
        Map<Integer, Wire.Choice> choices = new TreeMap<>();
        boolean aborted = false;
        while (choices.size() < generation.request().totalChoices()) {
            Generation.Piece piece = generation.next();
            if (piece.reason() != null) {
                String text = generation.text(piece.choice(), piece.token());
                choices.put(piece.choice(), new Wire.Choice(text, piece.token(), piece.reason()));
                aborted |= piece.reason() == FinishReason.ABORT;
            }
        }
        HttpResponse plain = HttpResponse.json(200, wire.response(List.copyOf(choices.values())));
        HttpResponse response = backend.metrics().withLoad(exchange.request(), plain);
        if (backend.faults().take(FaultKind.RESET_MID_RESPONSE)) {
            exchange.sendHalf(response);
            reset(exchange, call);
        } else if (backend.faults().take(FaultKind.STALL_MID_RESPONSE)) {
            exchange.sendHalf(response);
            stall(exchange);
            end(call, aborted);
            exchange.sendRest(response);
        } else {
            end(call, aborted);
            exchange.send(response);
        }
    }

    private void stream(Generation generation, Wire wire, Exchange exchange, Call call) throws IOException {
        GenerationRequest request = generation.request();
        exchange.startStream(200, STREAM_HEADERS);
        sendRoles(request, wire, exchange);
        int tokens = 0;
        int ended = 0;
        boolean aborted = false;
        boolean faultIsDue = true;
        while (ended < request.totalChoices()) {
            Generation.Piece piece = generation.next();
            if (piece.reason() == null) {
                tokens++;
                String word = generation.word(piece.choice(), piece.token());
                exchange.write(wire.tokenChunk(piece.choice(), word, tokens));
            } else {
                ended++;
                aborted |= piece.reason() == FinishReason.ABORT;
                exchange.write(wire.finishChunk(piece.choice(), piece.reason(), tokens));
            }
            if (!generation.hasNext()) {
                exchange.flush();
            }
            if (faultIsDue && (tokens == TOKENS_BEFORE_FAULT || ended == request.totalChoices())) {
                faultIsDue = false;
                exchange.flush();
                if (spoiled(exchange, call)) {
                    return;
                }
            }
        }
        if (request.stream().usage()) {
            exchange.write(wire.usageChunk(tokens));
        }
        exchange.write("data: [DONE]\n\n");
        end(call, aborted);
        exchange.endStream();
    }

    private void sendRoles(GenerationRequest request, Wire wire, Exchange exchange) throws IOException {
        if (kind == GenerationRequest.Kind.CHAT) {
            for (int choice = 0; choice < request.totalChoices(); choice++) {
                exchange.write(wire.roleChunk(choice));
            }
            exchange.flush();
        }
    }

    /// Carries out a scripted fault in the middle of a stream; answers whether the stream is over.
    private boolean spoiled(Exchange exchange, Call call) throws IOException {
        if (backend.faults().take(FaultKind.RESET_MID_RESPONSE)) {
            reset(exchange, call);
            return true;
        }
        if (backend.faults().take(FaultKind.STALL_MID_RESPONSE)) {
            stall(exchange);
        }
        return false;
    }

    private static void end(Call call, boolean aborted) {
        call.record().end(aborted ? Outcome.ABORTED : Outcome.FINISHED, 200);
    }

    private static void reset(Exchange exchange, Call call) {
        call.record().end(Outcome.ABORTED, 200);
        exchange.reset();
    }

    private void stall(Exchange exchange) throws IOException {
        CompletableFuture.anyOf(exchange.clientGone(), backend.faults().untilCleared())
                .join();
        if (exchange.clientGone().isDone()) {
            throw new IOException("the client left a stalled answer");
        }
    }
}
