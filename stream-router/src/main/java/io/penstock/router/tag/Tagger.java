package io.penstock.router.tag;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.line.BodyFacts;
import io.penstock.topics.line.InputLine;
import io.penstock.topics.line.InputLineReader;
import io.penstock.topics.line.MalformedJson;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.Tag;
import io.penstock.topics.rewrite.Rewrites;
import io.penstock.topics.rewrite.Route;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Tags a record: what it asks for, and what the ledger needs to know of it. A pure function of the
/// record, its place and the catalogue; whatever is wrong with a record becomes a rejection with an
/// answer, never an exception.
///
/// The band is the topic's, because who may write which topic decides how urgent a request may be; the
/// objective is recorded, but raises nothing.
public final class Tagger {
    /// The key under which rejected requests travel: no pool is called so.
    public static final PoolName UNSERVED = new PoolName("unserved");

    private static final Set<String> URLS =
            Set.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses");
    private static final byte[] NOTHING = new byte[0];

    private final Catalog catalog;
    private final TagPolicy policy;

    public Tagger(Catalog catalog, TagPolicy policy) {
        this.catalog = catalog;
        this.policy = policy;
    }

    /// The pool that owns `admission`.
    public static PoolName poolOf(Admission admission) {
        return switch (admission) {
            case Admission.Admitted(Request request) -> request.tag().pool();
            case Admission.Rejected _ -> UNSERVED;
        };
    }

    /// The tagged request with its inline body, or why it cannot be run.
    public Envelope<Admission> tag(Arrival arrival) {
        InputLine line = null;
        try {
            byte[] bytes = arrival.line() == null ? NOTHING : arrival.line();
            line = read(bytes);
            Request request = request(arrival, line);
            return new Envelope<>(
                    new Admission.Admitted(request),
                    line.body() == null ? NOTHING : line.body().of(bytes));
        } catch (Rejection e) {
            return Envelope.of(new Admission.Rejected(
                    Claims.idOrPlace(arrival),
                    line == null ? null : line.customId(),
                    e.code(),
                    e.reason(),
                    echo(arrival.headers())));
        }
    }

    private static InputLine read(byte[] bytes) throws Rejection {
        try {
            return InputLineReader.read(bytes);
        } catch (MalformedJson e) {
            throw Rejection.invalid("The record is not a batch input line: " + e.getMessage());
        }
    }

    private Request request(Arrival arrival, InputLine line) throws Rejection {
        Claims claims = Claims.of(arrival, line.options(), catalog, policy);
        String url = url(line);
        BodyFacts facts = facts(line);
        Route route = route(facts, claims, arrival.headers());
        ServedModel model = served(route);
        Tag tag = new Tag(
                route.sent(),
                model.servedAs(),
                model.pool(),
                claims.objective(),
                arrival.band(),
                claims.tenant(),
                claims.deadline(),
                facts.estimate(url),
                facts.prefix(),
                resumes(claims.objective()));
        return new Request(
                claims.id(), line.customId(), url, tag, line.bodyRef(), arrival.acceptedAt(), echo(arrival.headers()));
    }

    private boolean resumes(ObjectiveName name) {
        Objective objective = catalog.objective(name);
        return objective != null && objective.resume();
    }

    private static String url(InputLine line) throws Rejection {
        if (!"POST".equals(line.method())) {
            throw Rejection.invalid("method must be \"POST\".");
        }
        String url = line.url();
        if (url == null || !URLS.contains(url)) {
            throw Rejection.invalid("url must be one of " + new TreeSet<>(URLS) + ".");
        }
        return url;
    }

    private BodyFacts facts(InputLine line) throws Rejection {
        BodyFacts facts = line.facts();
        if (line.body() == null && (line.bodyRef() == null || facts == null)) {
            throw Rejection.invalid("body must be a JSON object (or body_ref and body_facts must be set).");
        }
        if (line.body() != null && line.bodyRef() != null) {
            throw Rejection.invalid("body and body_ref must not both be set.");
        }
        if (line.body() != null && line.body().length() > policy.inlineBytesMax()) {
            throw Rejection.invalid("body has " + line.body().length()
                    + " bytes; the limit for a body in the record is " + policy.inlineBytesMax()
                    + " bytes (tag.inline.max.bytes). Larger ones go through the Files API.");
        }
        if (facts == null || facts.model() == null) {
            throw Rejection.invalid("body.model must be a string.");
        }
        if (facts.stream()) {
            throw Rejection.invalid("body.stream must not be true: a queued request has no stream.");
        }
        return facts;
    }

    /// Which model it runs as. The request's id decides where weights leave a choice.
    private Route route(BodyFacts facts, Claims claims, HeaderView headers) throws Rejection {
        ModelName sent;
        try {
            sent = new ModelName(String.valueOf(facts.model()));
        } catch (IllegalArgumentException e) {
            throw Rejection.invalid("body.model: " + e.getMessage());
        }
        ModelName asked = Claims.rewrite(headers);
        return catalog.rewrites().route(sent, asked, () -> Rewrites.seed(claims.id()), catalog::model);
    }

    private static ServedModel served(Route route) throws Rejection {
        if (route.served() == null) {
            throw new Rejection(ErrorCode.MODEL_NOT_FOUND, route.refusal());
        }
        return route.served();
    }

    private static Map<String, String> echo(HeaderView headers) {
        Map<String, String> echo = new HashMap<>();
        for (String name : Headers.ECHOED) {
            byte[] value = headers.last(name);
            if (value != null) {
                echo.put(name, Base64.getEncoder().encodeToString(value));
            }
        }
        return echo;
    }
}
