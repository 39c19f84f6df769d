package io.penstock.router.batches.input;

import io.penstock.topics.catalogue.Json;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.line.BodyFacts;
import io.penstock.topics.line.InputLine;
import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.LineOptions;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.Slice;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.rewrite.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Judges one line of a batch for `endpoint`: it can be run, or here is everything that is wrong with
/// it.
public final class LineValidator {
    private final String endpoint;
    private final Routes routes;
    private final Terms terms;

    public LineValidator(String endpoint, Routes routes, Terms terms) {
        this.endpoint = endpoint;
        this.routes = routes;
        this.terms = terms;
    }

    /// What lines may ask for themselves: the objectives there are, and a deadline within the batch's
    /// `window`.
    public record Terms(Predicate<ObjectiveName> objectives, Duration window) {}

    /// Which models lines run as, and who serves those.
    @FunctionalInterface
    public interface Routes {
        /// What becomes of line `line`, a request for `model`, as the client names it; null if no model
        /// can be called so.
        @Nullable
        Route of(int line, String model);
    }

    /// The judgement on a line.
    public sealed interface Judgement {
        /// The line can be run by `pool`, and is expected to cost it `cost`. Its body lies at `body`, and brings
        /// `inputs` texts to embed (0 for other endpoints).
        record Valid(
                String customId, String model, PoolName pool, Cost cost, Slice body, int inputs, LineOptions options)
                implements Judgement {}

        /// It cannot; the errors are in the order of the fields. `customId` is null if the line has
        /// none.
        record Invalid(@Nullable String customId, List<LineError> errors) implements Judgement {}
    }

    /// Judges `line`, which is not blank.
    public Judgement judge(Line.Text line) {
        try {
            return judge(line, InputLineReader.read(line.bytes()));
        } catch (MalformedJson e) {
            boolean json = !startsAsObject(line.bytes()) && isJson(line.bytes());
            return new Judgement.Invalid(
                    null,
                    List.of(json ? InputErrors.notAnObject(line.number()) : InputErrors.invalidJson(line.number())));
        }
    }

    private Judgement judge(Line.Text line, InputLine parts) {
        int number = line.number();
        List<LineError> errors = new ArrayList<>();
        String customId = parts.customId();
        if (customId == null || customId.isEmpty()) {
            errors.add(InputErrors.missing(number, "custom_id"));
        }
        String method = parts.method();
        if (method == null) {
            errors.add(InputErrors.missing(number, "method"));
        } else if (!method.equals("POST")) {
            errors.add(InputErrors.invalidMethod(number, method));
        }
        String url = parts.url();
        if (url == null) {
            errors.add(InputErrors.missing(number, "url"));
        } else if (!url.equals(endpoint)) {
            errors.add(InputErrors.invalidUrl(number));
        }
        Slice body = parts.body();
        BodyFacts facts = parts.facts();
        if (body == null || facts == null) {
            errors.add(InputErrors.missing(number, "body"));
        } else {
            judgeBody(number, facts, body.of(line.bytes()), errors);
        }
        String model = facts == null ? null : facts.model();
        Route route = model == null ? null : routes.of(number, model);
        ServedModel served = route == null ? null : route.served();
        if (model != null && served == null) {
            errors.add(InputErrors.unknownModel(number, model, route));
        }
        if (facts != null && facts.stream()) {
            errors.add(InputErrors.streaming(number));
        }
        judgeOptions(number, parts.options(), errors);
        return errors.isEmpty() && customId != null && body != null && facts != null && model != null && served != null
                ? new Judgement.Valid(
                        customId,
                        model,
                        served.pool(),
                        facts.estimate(endpoint),
                        body,
                        endpoint.equals("/v1/embeddings") ? EmbeddingInputs.count(body.of(line.bytes())) : 0,
                        parts.options())
                : new Judgement.Invalid(customId, List.copyOf(errors));
    }

    private void judgeOptions(int number, LineOptions options, List<LineError> errors) {
        if (options.fault() != null) {
            errors.add(InputErrors.faultyOptions(number, options.fault()));
        }
        if (options.objective() != null && !terms.objectives().test(options.objective())) {
            errors.add(InputErrors.unknownObjective(number, options.objective()));
        }
        if (options.deadline() != null && options.deadline().compareTo(terms.window()) > 0) {
            errors.add(InputErrors.deadlineBeyondWindow(number));
        }
    }

    private void judgeBody(int number, BodyFacts facts, byte[] body, List<LineError> errors) {
        String prompt = promptField();
        if (prompt != null && !prompt.equals(facts.prompt()) && lacks(body, prompt)) {
            errors.add(InputErrors.missing(number, "body." + prompt));
        }
        if (facts.model() == null) {
            errors.add(InputErrors.missingModel(number));
        }
    }

    /// The field without which the endpoint has nothing to work on; null where several may carry it
    /// (`/v1/responses` takes `input` or a stored `prompt`) or none is known.
    private @Nullable String promptField() {
        return switch (endpoint) {
            case "/v1/chat/completions" -> "messages";
            case "/v1/completions" -> "prompt";
            case "/v1/embeddings" -> "input";
            default -> null;
        };
    }

    /// The scanner names only the last prompt-like field; a body that has several is looked at again.
    private static boolean lacks(byte[] body, String field) {
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                if (parser.currentName().equals(field)) {
                    return false;
                }
                parser.nextToken();
                parser.skipChildren();
            }
            return true;
        }
    }

    private static boolean startsAsObject(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return b == '{';
            }
        }
        return false;
    }

    private static boolean isJson(byte[] bytes) {
        try {
            Json.MAPPER.readTree(bytes);
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }
}
