package io.penstock.ingest.chat;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.chat.ShortCircuit.CallLimits;
import io.penstock.ingest.hold.Flow;
import io.penstock.ingest.hold.HoldRequest;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.view.Catalogues;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EnginePool;
import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.pick.BlockHasher;
import io.penstock.pool.pick.PickCall;
import io.penstock.pool.pick.PromptBlocks;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.line.BodyFacts;
import io.penstock.topics.line.BodyScanner;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.line.ScannedCall;
import io.penstock.topics.line.Slice;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads interactive calls: who asks for what, in which band, and for how long.
final class CallReader {
    private static final String EMBEDDINGS = "/v1/embeddings";

    private final Tenants tenants;
    private final Catalogues catalogues;
    private final EnginePool pool;
    private final CallLimits limits;
    private final BlockHasher hasher;

    CallReader(Tenants tenants, Catalogues catalogues, EnginePool pool, CallLimits limits, BlockHasher hasher) {
        this.tenants = tenants;
        this.catalogues = catalogues;
        this.pool = pool;
        this.limits = limits;
        this.hasher = hasher;
    }

    /// A call's body, read once, and the model it names.
    @SuppressWarnings("ArrayRecordComponent") // passed on as it came
    record Parsed(TenantId tenant, byte[] body, ScannedCall scanned, ModelName model) {}

    /// What `exchange` brings.
    ///
    /// @throws ApiException if it is no call
    Parsed parse(Exchange exchange) throws IOException {
        TenantId tenant = tenants.of(exchange);
        byte[] body = exchange.body(limits.bodyBytesMax(), "call.body.max.bytes");
        ScannedCall scanned = scanned(body);
        return new Parsed(tenant, body, scanned, model(scanned.facts()));
    }

    /// The call that `exchange` is, to the engines' `path`.
    ///
    /// @throws ApiException if it is none
    InteractiveCall read(Exchange exchange, String path, Parsed parsed) {
        byte[] body = parsed.body();
        ScannedCall scanned = parsed.scanned();
        BodyFacts facts = scanned.facts();
        ModelNames names = ModelNames.of(exchange, parsed.model(), catalogues);
        refuseUnreadableSlo(exchange);
        byte[] sent = names.toEngine(body, facts);
        PickCall picking =
                new PickCall(names.served(), isAnnounced(names.served()), blocks(names.served(), scanned, body));
        return new InteractiveCall(
                names,
                facts.stream() && !path.equals(EMBEDDINGS),
                !path.equals(EMBEDDINGS),
                facts.prompt(),
                new EngineRequest(path, Map.of("X-Request-Id", exchange.requestId()), sent, limits.timeout()),
                new HoldRequest(
                        picking,
                        Set.of(),
                        band(exchange),
                        flow(exchange, parsed.tenant()),
                        sent.length,
                        patience(exchange)));
    }

    private static ScannedCall scanned(byte[] body) {
        try {
            return BodyScanner.scanCall(body);
        } catch (MalformedJson e) {
            throw new ApiException(
                    ErrorKind.BAD_REQUEST, "We could not parse the JSON body of your request: " + e.getMessage());
        }
    }

    private static ModelName model(BodyFacts facts) {
        if (facts.model() == null) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "you must provide a model parameter", "model");
        }
        try {
            return new ModelName(facts.model());
        } catch (IllegalArgumentException _) {
            throw unknown(facts.model());
        }
    }

    /// The answer to a call for a model that nobody serves.
    static ApiException unknown(String model) {
        return new ApiException(
                ErrorKind.MODEL_NOT_FOUND,
                "The model `" + model + "` does not exist or you do not have access to it.",
                "model");
    }

    /// Only asked for while there is no engine, or one that has never told its models.
    private boolean isAnnounced(ModelName model) {
        List<EndpointState> states = pool.states();
        return (states.isEmpty()
                        || states.stream().anyMatch(state -> state.models().isEmpty()))
                && catalogues.announcedModels().contains(model);
    }

    private PromptBlocks blocks(ModelName served, ScannedCall scanned, byte[] body) {
        Slice prompt = scanned.promptValue();
        return prompt == null
                ? PromptBlocks.NONE
                : hasher.blocks(served, scanned.cacheSalt(), body, prompt.offset(), prompt.length());
    }

    /// An objective nobody has defined has priority 0; it is never an error.
    private Band band(Exchange exchange) {
        GatewayHeader.Given given = GatewayHeader.OBJECTIVE.in(exchange);
        try {
            return given == null ? Band.NORMAL : catalogues.bandOf(new ObjectiveName(given.value()));
        } catch (IllegalArgumentException _) {
            return Band.NORMAL;
        }
    }

    /// Fairness ids are for the client to choose, so anything readable will do.
    private static Flow flow(Exchange exchange, TenantId tenant) {
        GatewayHeader.Given given = GatewayHeader.FAIRNESS_ID.in(exchange);
        boolean usable = given != null && given.value().matches("[\\x21-\\x7e]{1,200}");
        return new Flow(tenant, given != null && usable ? given.value() : Flow.DEFAULT);
    }

    private static @Nullable Duration patience(Exchange exchange) {
        GatewayHeader.Given given = GatewayHeader.TTL.in(exchange);
        try {
            return given == null ? null : GoDuration.parse(given.value());
        } catch (IllegalArgumentException e) {
            throw given.refusal(String.valueOf(e.getMessage()));
        }
    }

    /// Goals for single latencies are accepted and not acted upon.
    private static void refuseUnreadableSlo(Exchange exchange) {
        for (GatewayHeader header : Set.of(GatewayHeader.SLO_TTFT_MS, GatewayHeader.SLO_TPOT_MS)) {
            GatewayHeader.Given given = header.in(exchange);
            try {
                double _ = given == null ? 0 : Double.parseDouble(given.value());
            } catch (NumberFormatException _) {
                throw given.refusal("must be a float");
            }
        }
    }
}
