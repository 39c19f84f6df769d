package io.penstock.simulator.openai;

import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.faults.StatusAnswer;
import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpHandler;
import io.penstock.simulator.http.HttpRequest;
import io.penstock.simulator.http.HttpResponse;
import io.penstock.simulator.requests.Outcome;
import io.penstock.simulator.requests.RecordedRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// What every inference route does before and after its own work: remember the request, carry out
/// scripted errors, parse the body, check the model, and note how it ended.
final class InferenceHandler implements HttpHandler {
    private final Backend backend;
    private final InferenceRoute route;
    private final ScriptedErrors scripted;
    private final InstantSource clock;

    InferenceHandler(Backend backend, InferenceRoute route, ScriptedErrors scripted, InstantSource clock) {
        this.backend = backend;
        this.route = route;
        this.scripted = scripted;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        HttpRequest request = exchange.request();
        RecordedRequest record =
                backend.requests().arrived(request.method(), request.path(), request.headers(), request.body());
        boolean answered = false;
        try {
            if (backend.faults().take(FaultKind.RESET_BEFORE_RESPONSE)) {
                exchange.reset();
                return;
            }
            Optional<HttpResponse> refusal = refusal();
            if (refusal.isPresent()) {
                reject(exchange, record, refusal.get());
            } else {
                run(exchange, record);
            }
            answered = true;
        } catch (ApiError error) {
            reject(exchange, record, error.response());
            answered = true;
        } finally {
            if (!answered) {
                record.lost();
            }
        }
    }

    private static void reject(Exchange exchange, RecordedRequest record, HttpResponse response) throws IOException {
        record.end(Outcome.REJECTED, response.status());
        exchange.send(response);
    }

    private Optional<HttpResponse> refusal() {
        Optional<StatusAnswer> scriptedStatus = backend.faults().takeStatusAnswer();
        if (scriptedStatus.isPresent()) {
            StatusAnswer answer = scriptedStatus.get();
            HttpResponse response = ApiError.response(answer.status(), "Simulated error " + answer.status(), null);
            return Optional.of(answer.retryAfter()
                    .map(after -> response.with("Retry-After", Long.toString(after.toSeconds())))
                    .orElse(response));
        }
        return backend.faults().starting()
                ? Optional.of(ApiError.response(503, "The server is starting.", null))
                : Optional.empty();
    }

    private void run(Exchange exchange, RecordedRequest record) throws IOException, ApiError {
        HttpRequest request = exchange.request();
        RequestBody body = RequestBody.parse(request);
        Optional<ApiError> error = scripted.next(body, request.body());
        if (error.isPresent()) {
            throw error.get();
        }
        Optional<String> model = body.text("model");
        if (model.isPresent() && !backend.model().names().contains(model.get())) {
            throw ApiError.unknownModel(model.get());
        }
        Optional<String> header = request.header("x-request-id");
        Optional<String> id = header.isPresent() ? header : body.text("request_id");
        String requestId = id.orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
        long now = clock.instant().getEpochSecond();
        route.run(exchange, body, new InferenceRoute.Call(requestId, now, record));
    }
}
