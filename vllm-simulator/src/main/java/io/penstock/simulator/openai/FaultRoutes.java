package io.penstock.simulator.openai;

import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.faults.Faults;
import io.penstock.simulator.faults.StatusAnswer;
import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// `POST /simulator/faults` arms one fault, `DELETE` clears all.
///
/// - `{"fault":"reset_mid_response","times":2}`: any [FaultKind]; without `times` until cleared
/// - `{"fault":"status","statuses":[429,503],"times":3,"retry_after_seconds":1}`: the sequence, `times`
///  over
/// - `{"fault":"slow_start","seconds":5}`
/// - `{"fault":"refuse_connections","seconds":5}`: `seconds` is needed here, since no later call could
///  arrive
final class FaultRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(FaultRoutes.class);
    private static final int MAX_SECONDS = 3_600;
    private static final int MAX_TIMES = 10_000;

    private final Faults faults;

    FaultRoutes(Faults faults) {
        this.faults = faults;
    }

    void arm(Exchange exchange) throws IOException {
        try {
            RequestBody body = RequestBody.parse(exchange.request());
            arm(body, body.text("fault").orElse(""));
            exchange.send(HttpResponse.json(200, "{\"armed\":true}"));
        } catch (ApiError error) {
            exchange.send(error.response());
        }
    }

    void clear(Exchange exchange) throws IOException {
        faults.clear();
        exchange.send(HttpResponse.json(200, "{\"armed\":false}"));
    }

    private void arm(RequestBody body, String fault) throws ApiError {
        switch (fault) {
            case "status" -> faults.answer(statuses(body));
            case "slow_start" -> faults.slowStart(seconds(body));
            case "refuse_connections" -> refuseFor(seconds(body));
            default -> {
                int times = (int) bounded(body, "times", Faults.UNTIL_CLEARED, Faults.UNTIL_CLEARED);
                faults.arm(kind(fault), times);
            }
        }
    }

    private static FaultKind kind(String name) throws ApiError {
        for (FaultKind kind : FaultKind.values()) {
            if (kind.wire().equals(name)) {
                return kind;
            }
        }
        String known = Arrays.stream(FaultKind.values()).map(FaultKind::wire).collect(Collectors.joining(", "));
        throw ApiError.badRequest(
                "unknown fault '" + name.toLowerCase(Locale.ROOT) + "'; known: status, slow_start, refuse_connections, "
                        + known,
                "fault");
    }

    private static List<StatusAnswer> statuses(RequestBody body) throws ApiError {
        Optional<Long> after = body.integer("retry_after_seconds");
        long times = bounded(body, "times", 1, MAX_TIMES);
        JsonNode statuses = body.required("statuses");
        List<StatusAnswer> answers = new ArrayList<>();
        try {
            for (long i = 0; i < times; i++) {
                for (JsonNode status : statuses) {
                    answers.add(new StatusAnswer(status.asInt(0), after.map(Duration::ofSeconds)));
                }
            }
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("statuses: " + e.getMessage(), "statuses");
        }
        return answers;
    }

    private static Duration seconds(RequestBody body) throws ApiError {
        body.required("seconds");
        return Duration.ofSeconds(bounded(body, "seconds", 1, MAX_SECONDS));
    }

    private static long bounded(RequestBody body, String field, long absent, long max) throws ApiError {
        long value = body.integer(field).orElse(absent);
        if (value < 1 || value > max) {
            throw ApiError.badRequest(field + " must be 1 to " + max + ", got " + value, field);
        }
        return value;
    }

    private void refuseFor(Duration duration) {
        faults.refuseConnections();
        Thread.ofVirtual().name("accept-again").start(() -> {
            try {
                Thread.sleep(duration);
            } catch (InterruptedException e) {
                LOG.atDebug()
                        .setMessage("accepting connections earlier than scripted")
                        .log();
            }
            faults.acceptConnections();
        });
    }
}
