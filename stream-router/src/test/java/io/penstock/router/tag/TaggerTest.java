package io.penstock.router.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.penstock.topics.catalogue.Headers;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.line.BodyFacts;
import io.penstock.topics.line.ReferenceLine;
import io.penstock.topics.line.Slice;
import io.penstock.topics.record.Admission;
import io.penstock.topics.record.BodyRef;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.ServedModel;
import io.penstock.topics.record.Tag;
import io.penstock.topics.rewrite.Rewrites;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a record becomes: a tagged request, or a rejection that says what is wrong with it.
class TaggerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final ServedModel ALIAS =
            new ServedModel(new ModelName("chat"), new ModelName("org/llama"), new PoolName("llama"), 8192);
    private static final String BODY =
            "{ \"model\":\"chat\", \"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":10 }";
    private static final String LINE = line(BODY);

    private final Tagger tagger = new Tagger(new FixedCatalog(Rewrites.NONE), TagPolicy.DEFAULT);

    @Test
    void tagsAKnownModelUnderItsServedNameAndCarriesTheBodyByteForByte() {
        Envelope<Admission> tagged = tag(LINE, Map.of());
        Request request = admitted(tagged);
        assertThat(request.tag().model()).isEqualTo(new ModelName("chat"));
        assertThat(request.tag().servedAs()).isEqualTo(new ModelName("org/llama"));
        assertThat(request.tag().cost().outputTokens()).isEqualTo(10);
        assertThat(request.customId()).isEqualTo("c1");
        assertThat(new String(tagged.payload(), StandardCharsets.UTF_8)).isEqualTo(BODY);
        assertThat(Tagger.poolOf(tagged.meta())).isEqualTo(new PoolName("llama"));
    }

    @Test
    void aRewrittenModelKeepsTheNameThatWasSent() {
        Tag tag = ((Admission.Admitted) rewriting("food>chat", LINE.replace("\"chat\"", "\"food\""), Map.of())
                        .meta())
                .request()
                .tag();
        assertThat(tag.model()).isEqualTo(new ModelName("food"));
        assertThat(tag.servedAs()).as("the target is an alias").isEqualTo(new ModelName("org/llama"));
        assertThat(tag.pool()).isEqualTo(new PoolName("llama"));
    }

    @Test
    void theIdDecidesBetweenWeightedTargets() {
        String line = LINE.replace("\"chat\"", "\"food\"");
        Rewrites rewrites = rewrites("food>chat,nobody");
        for (int i = 0; i < 200; i++) {
            RequestId id = new RequestId("request-" + i);
            boolean chat = rewrites.route(
                            new ModelName("food"), null, () -> Rewrites.seed(id), new FixedCatalog(rewrites)::model)
                    .target()
                    .equals(new ModelName("chat"));
            for (int replay = 0; replay < 3; replay++) {
                assertThat(rewriting("food>chat,nobody", line, Map.of(Headers.REQUEST_ID, id.value()))
                                .meta())
                        .as(id.value())
                        .isInstanceOf(chat ? Admission.Admitted.class : Admission.Rejected.class);
            }
        }
    }

    @Test
    void aHeaderAsksForAModelWhereNoRewriteApplies() {
        String line = LINE.replace("\"chat\"", "\"food\"");
        for (String header : Headers.MODEL_REWRITE) {
            Tag tag = admitted(tag(line, Map.of(header, "chat"))).tag();
            assertThat(tag.model()).isEqualTo(new ModelName("food"));
            assertThat(tag.servedAs()).isEqualTo(new ModelName("org/llama"));
        }
        assertThat(rewriting("food>nobody", line, Map.of(Headers.MODEL_REWRITE.getFirst(), "chat"))
                        .meta())
                .isInstanceOfSatisfying(
                        Admission.Rejected.class,
                        rejected -> assertThat(rejected.message())
                                .isEqualTo("The model 'food' is rewritten to 'nobody' by InferenceModelRewrite r, which"
                                        + " does not exist or is not served."));
        rejected(LINE, Map.of(Headers.MODEL_REWRITE.getFirst(), "a b"), ErrorCode.INVALID_REQUEST, "x-llm-d-model");
    }

    @Test
    void theBandIsTheTopicsWhateverObjectiveIsClaimed() {
        Tag tag = admitted(tag(LINE, Map.of("x-gateway-inference-objective", "urgent")))
                .tag();
        assertThat(tag.band()).isEqualTo(Band.LOW);
        assertThat(tag.objective()).isEqualTo(new ObjectiveName("urgent"));
        assertThat(admitted(tag(LINE, Map.of("x-llm-d-inference-objective", "unheard-of")))
                        .tag()
                        .objective())
                .isEqualTo(ObjectiveName.DEFAULT);
    }

    @Test
    void idsAreTheProducersElseTheKeysHashElseTheRecordsPlace() {
        assertThat(admitted(tag(LINE, Map.of(Headers.REQUEST_ID, "mine", Headers.IDEMPOTENCY_KEY, "k")))
                        .id())
                .isEqualTo(new RequestId("mine"));
        RequestId hashed = admitted(tag(LINE, Map.of(Headers.IDEMPOTENCY_KEY, "k", Headers.TENANT, "t")))
                .id();
        assertThat(hashed).isEqualTo(RequestId.ofIdempotencyKey(new TenantId("t"), "k"));
        assertThat(admitted(tag(LINE, Map.of())).id()).isEqualTo(RequestId.ofRecord("penstock.requests.low", 2, 77));
    }

    @Test
    void theDeadlineIsTheHeadersElseADayAfterAcceptance() {
        assertThat(admitted(tag(LINE, Map.of())).tag().deadline()).isEqualTo(NOW.plus(Duration.ofDays(1)));
        String inAMinute = Long.toString(NOW.plusSeconds(60).toEpochMilli());
        assertThat(admitted(tag(LINE, Map.of(Headers.DEADLINE_MS, inAMinute)))
                        .tag()
                        .deadline())
                .isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void correlationHeadersAreKeptAsTheyCame() {
        Request request = admitted(tag(LINE, Map.of("kafka_correlationId", "\u0001\u0002")));
        assertThat(request.echo()).containsEntry("kafka_correlationId", "AQI=");
    }

    @Test
    void aReferenceIsTaggedWithoutItsBody() {
        BodyFacts facts = new BodyFacts("chat", new Slice(1, 6), "messages", false, 5, 1, 400, 0, 7);
        byte[] line = ReferenceLine.write("c1", "/v1/chat/completions", new BodyRef("blob", 10, 500), facts);
        Envelope<Admission> tagged = tag(new String(line, StandardCharsets.UTF_8), Map.of());
        assertThat(admitted(tagged).bodyRef()).isEqualTo(new BodyRef("blob", 10, 500));
        assertThat(admitted(tagged).tag().cost()).isEqualTo(new Cost(101, 5, 5));
        assertThat(tagged.payload()).isEmpty();
    }

    @Test
    void whatCannotRunIsRejectedWithAReasonThatNamesTheField() {
        rejected("not json", Map.of(), ErrorCode.INVALID_REQUEST, "not a batch input line");
        rejected("", Map.of(), ErrorCode.INVALID_REQUEST, "not a batch input line");
        rejected(LINE.replace("POST", "GET"), Map.of(), ErrorCode.INVALID_REQUEST, "method");
        rejected(LINE.replace("/v1/chat", "/v2/chat"), Map.of(), ErrorCode.INVALID_REQUEST, "url");
        rejected(line("[]"), Map.of(), ErrorCode.INVALID_REQUEST, "body");
        rejected(line("{\"model\":3}"), Map.of(), ErrorCode.INVALID_REQUEST, "body.model");
        rejected(line("{\"model\":\"a b\"}"), Map.of(), ErrorCode.INVALID_REQUEST, "body.model");
        rejected(line("{\"model\":\"chat\",\"stream\":true}"), Map.of(), ErrorCode.INVALID_REQUEST, "body.stream");
        rejected(line("{\"model\":\"nobody\"}"), Map.of(), ErrorCode.MODEL_NOT_FOUND, "'nobody'");
        rejected(LINE, Map.of(Headers.REQUEST_ID, "a b"), ErrorCode.INVALID_REQUEST, Headers.REQUEST_ID);
        rejected(LINE, Map.of(Headers.TENANT, ""), ErrorCode.INVALID_REQUEST, Headers.TENANT);
        rejected(LINE, Map.of(Headers.DEADLINE_MS, "soon"), ErrorCode.INVALID_REQUEST, Headers.DEADLINE_MS);
        rejected(
                LINE,
                Map.of(Headers.DEADLINE_MS, "9223372036854775807"),
                ErrorCode.INVALID_REQUEST,
                "tag.window.max.ms");
        String large = "{\"model\":\"chat\",\"prompt\":\"" + "x".repeat(128 * 1024) + "\"}";
        rejected(line(large), Map.of(), ErrorCode.INVALID_REQUEST, "131072 bytes (tag.inline.max.bytes)");
    }

    @Test
    void aRejectionIsAnsweredUnderTheProducersIdAndName() {
        Admission.Rejected rejected =
                (Admission.Rejected) tag(LINE.replace("POST", "GET"), Map.of(Headers.REQUEST_ID, "mine"))
                        .meta();
        assertThat(rejected.id()).isEqualTo(new RequestId("mine"));
        assertThat(rejected.customId()).isEqualTo("c1");
        assertThat(Tagger.poolOf(rejected)).isEqualTo(Tagger.UNSERVED);
    }

    @Test
    void noBytesWhateverMakeItThrow() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] good = LINE.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int round = i;
            assertThatCode(() -> tagger.tag(arrival(bytes, Map.of())))
                    .as("seed 7, round %s", round)
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> tagger.tag(arrival(null, Map.of()))).doesNotThrowAnyException();
    }

    private void rejected(String line, Map<String, String> headers, ErrorCode code, String reason) {
        Admission.Rejected rejected = (Admission.Rejected) tag(line, headers).meta();
        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.message()).contains(reason);
    }

    private Envelope<Admission> tag(String line, Map<String, String> headers) {
        return tagger.tag(arrival(line.getBytes(StandardCharsets.UTF_8), headers));
    }

    private static Arrival arrival(byte @Nullable [] line, Map<String, String> headers) {
        Arrival.Place place = new Arrival.Place("penstock.requests.low", 2, 77);
        return new Arrival(place, Band.LOW, NOW, name -> utf8(headers.get(name)), line);
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static Request admitted(Envelope<Admission> tagged) {
        assertThat(tagged.meta()).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) tagged.meta()).request();
    }

    private static String line(String body) {
        return "{\"custom_id\":\"c1\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":" + body + "}";
    }

    private static Envelope<Admission> rewriting(String rule, String line, Map<String, String> headers) {
        Tagger rewriting = new Tagger(new FixedCatalog(rewrites(rule)), TagPolicy.DEFAULT);
        return rewriting.tag(arrival(line.getBytes(StandardCharsets.UTF_8), headers));
    }

    /// One rule for one model, as `model>target,target`.
    private static Rewrites rewrites(String rule) {
        String[] sides = rule.split(">", -1);
        List<Target> targets = Arrays.stream(sides[1].split(",", -1))
                .map(target -> new Target(new ModelName(target), null))
                .toList();
        return Rewrites.of(List.of(new ModelRewrite(
                new RewriteName("r"), null, null, NOW, List.of(new Rule(List.of(new ModelName(sides[0])), targets)))));
    }

    private record FixedCatalog(Rewrites rewrites) implements Catalog {
        @Override
        public @Nullable ServedModel model(ModelName name) {
            return name.equals(ALIAS.name()) ? ALIAS : null;
        }

        @Override
        public @Nullable Objective objective(ObjectiveName name) {
            return name.value().equals("urgent") ? new Objective(name, 100) : null;
        }
    }
}
