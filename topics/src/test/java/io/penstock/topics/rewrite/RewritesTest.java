package io.penstock.topics.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.ServedModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewritesTest {
    private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
    private static final int DRAWS = 100_000;
    /// Models by the pool that serves them.
    private static final Map<String, String> SERVED =
            Map.of("base", "llama", "v1", "llama", "v2", "llama", "other", "qwen", "qwen-v1", "qwen");

    @Test
    void aModelWithoutARuleStaysItself() {
        Route route = route(Rewrites.NONE, "base", null);
        assertThat(route.target()).isEqualTo(new ModelName("base"));
        assertThat(route.servedAs()).isEqualTo(new ModelName("org/base"));
        assertThat(route.by()).isNull();
    }

    /// Each line: the rewrites as `name@age rule; rule | …`, a rule being `models>targets`, the model
    /// sent, and what it runs as. Ages count days after the oldest.
    @ParameterizedTest(name = "{0}: {2} runs as {3}")
    @CsvSource(delimiter = '#', textBlock = """
        an exact rule                        # a@0 food>v1                     # food  # v1
        no rule for this name                # a@0 food>v1                     # base  # base
        any of several matches               # a@0 x,food,y>v1                 # food  # v1
        exact before generic, same rewrite   # a@0 *>v2; food>v1               # food  # v1
        exact before an older generic        # a@0 *>v2 | b@9 food>v1          # food  # v1
        generic for what has no exact rule   # a@0 *>v2; food>v1               # drink # v2
        the oldest exact rewrite             # a@5 food>v1 | b@1 food>v2       # food  # v2
        the oldest generic rewrite           # a@5 *>v1 | b@1 *>v2             # food  # v2
        by name when equally old             # b@1 food>v2 | a@1 food>v1       # food  # v1
        the first rule of a rewrite          # a@0 food>v1; food>v2            # food  # v1
        the first generic rule of a rewrite  # a@0 *>v1; *>v2                  # food  # v1
        a later rule of an older rewrite     # a@0 x>v2; food>v1 | b@1 food>v2 # food  # v1
        one never applied is the youngest    # a@? food>v1 | b@9 food>v2       # food  # v2
        once only                            # a@0 food>v1; v1>v2              # food  # v1
        a served name may be rewritten       # a@0 base>v1                     # base  # v1
        an exact rule may change the pool    # a@0 base>other                  # base  # other
        a generic rule stays in its pool     # a@0 *>v1                        # other # other
        a generic rule takes its pool's      # a@0 *>v1                        # base  # v1
        the next generic rule, of that pool  # a@0 *>v1 | b@1 *>qwen-v1        # other # qwen-v1
        a generic rule to nothing takes none # a@0 *>typo                      # base  # base
        """)
    void precedence(String about, String rewrites, String sent, String expected) {
        Route route = route(rewrites(rewrites), sent, null);
        assertThat(route.target()).as(about).isEqualTo(new ModelName(expected));
    }

    @Test
    void theOrderOfRecordsDecidesNothing() {
        List<ModelRewrite> records = records("c@3 food>v1 | a@1 food>v2; *>v1 | b@2 food>base; *>v2");
        for (long seed = 0; seed < 20; seed++) {
            List<ModelRewrite> shuffled = new ArrayList<>(records);
            Collections.shuffle(shuffled, new Random(seed));
            Rewrites rewrites = Rewrites.of(shuffled);
            assertThat(route(rewrites, "food", null).target())
                    .as("seed %s", seed)
                    .isEqualTo(new ModelName("v2"));
            assertThat(route(rewrites, "drink", null).target())
                    .as("seed %s", seed)
                    .isEqualTo(new ModelName("v1"));
        }
    }

    @Test
    void aHeaderAsksWhereNoRuleSpeaks() {
        assertThat(route(rewrites("a@0 food>v1"), "food", "v2").target()).isEqualTo(new ModelName("v1"));
        Route asked = route(rewrites("a@0 food>v1"), "base", "v2");
        assertThat(asked.target()).isEqualTo(new ModelName("v2"));
        assertThat(asked.by()).isNull();
    }

    /// Weights as in the documents; `-` for none. Shares are of `DRAWS` draws, within 2 percentage
    /// points.
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "90 10,          90 10",
        "1 1,            50 50",
        "1 3,            25 75",
        "1000000 1,      100 0",
        "1000000 1000000 1000000 1000000, 25 25 25 25",
        "- -,            50 50",
        "- - -,          33.3 33.3 33.3",
        "7 - 3,          70 0 30",
        "0 0,            50 50",
        "0 5,            0 100",
    })
    void weights(String weights, String shares) {
        Integer[] given = Arrays.stream(weights.split(" ", -1))
                .map(weight -> weight.equals("-") ? null : Integer.valueOf(weight))
                .toArray(Integer[]::new);
        Rewrites rewrites = Rewrites.of(List.of(weighted("canary", given)));
        double[] expected = Arrays.stream(shares.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        long seed = 20261123;
        assertShares("random draws, seed " + seed, expected, shares(rewrites, new SplittableRandom(seed)::nextLong));
        BatchId batch = new BatchId("batch_0123456789abcdef0123456789abcdef");
        int[] line = {0};
        assertShares(
                "lines of a batch",
                expected,
                shares(rewrites, () -> Rewrites.seed(RequestId.ofLine(batch, ++line[0]))));
        line[0] = 0;
        assertShares(
                "records of a topic",
                expected,
                shares(rewrites, () -> Rewrites.seed(RequestId.ofRecord("penstock.requests.low", 3, line[0]++))));
    }

    @Test
    void theIdAloneDecidesForADurableRequest() {
        Rewrites rewrites = Rewrites.of(List.of(weighted("canary", 1, 1)));
        Rewrites again = Rewrites.of(List.of(
                weighted("canary", 1, 1),
                new ModelRewrite(new RewriteName("unrelated"), null, null, OLD, List.of(rule("x>v1")))));
        for (int i = 0; i < 1000; i++) {
            RequestId id = new RequestId("request-" + i);
            LongSupplier seed = () -> Rewrites.seed(id);
            assertThat(again.route(new ModelName("food"), null, seed, RewritesTest::served)
                            .target())
                    .isEqualTo(rewrites.route(new ModelName("food"), null, seed, RewritesTest::served)
                            .target());
        }
    }

    @Test
    void choicesAreTheSameInEveryVersion() {
        Rewrites rewrites = Rewrites.of(List.of(weighted("canary", 90, 10)));
        String chosen = IntStream.range(0, 40)
                .mapToObj(i -> route(rewrites, new RequestId("r" + i)).target().value())
                .map(model -> model.equals("t0") ? "." : "x")
                .reduce("", String::concat);
        assertThat(chosen).isEqualTo("..x.................x.........x..x......");
    }

    @Test
    void twoRewritesChooseIndependentlyForOneRequest() {
        Rewrites a = Rewrites.of(List.of(weighted("a", 1, 1)));
        Rewrites b = Rewrites.of(List.of(weighted("b", 1, 1)));
        long both = IntStream.range(0, DRAWS)
                .mapToObj(i -> new RequestId("r" + i))
                .filter(id -> route(a, id).target().equals(route(b, id).target()))
                .count();
        assertThat(100.0 * both / DRAWS).isCloseTo(50, within(2.0));
    }

    @Test
    void namesAreTheExactOnesWithWhatTheyMayRunAs() {
        assertThat(rewrites("a@0 food,drink>v1; *>v2 | b@1 food>v2").names())
                .isEqualTo(Map.of(
                        new ModelName("food"), List.of(new ModelName("v1")),
                        new ModelName("drink"), List.of(new ModelName("v1"))));
    }

    @Test
    void aTargetNobodyServesIsNamedWithItsRewrite() {
        Route route = route(rewrites("a@0 food>typo"), "food", null);
        assertThat(route.served()).isNull();
        assertThat(route.refusal()).contains("'food'", "'typo'", "InferenceModelRewrite a");
        assertThat(route(Rewrites.NONE, "nobody", null).refusal())
                .isEqualTo("The model 'nobody' does not exist or is not served.");
        assertThat(route(Rewrites.NONE, "base", "typo").refusal()).contains("'typo'", "in place of 'base'");
    }

    private static void assertShares(String how, double[] expected, Map<String, Long> counts) {
        for (int i = 0; i < expected.length; i++) {
            double share = 100.0 * counts.getOrDefault("t" + i, 0L) / DRAWS;
            assertThat(share).as("%s: %s", how, counts).isCloseTo(expected[i], within(2.0));
            if (expected[i] == 0) {
                assertThat(share).as("%s: %s", how, counts).isLessThan(0.1);
            }
        }
    }

    private static Map<String, Long> shares(Rewrites rewrites, LongSupplier seed) {
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < DRAWS; i++) {
            Route route = rewrites.route(new ModelName("food"), null, seed, RewritesTest::served);
            counts.merge(route.target().value(), 1L, Long::sum);
        }
        return counts;
    }

    private static Route route(Rewrites rewrites, String sent, @Nullable String asked) {
        return rewrites.route(
                new ModelName(sent), asked == null ? null : new ModelName(asked), () -> 0, RewritesTest::served);
    }

    private static Route route(Rewrites rewrites, RequestId id) {
        return rewrites.route(new ModelName("food"), null, () -> Rewrites.seed(id), RewritesTest::served);
    }

    private static @Nullable ServedModel served(ModelName name) {
        String pool = SERVED.get(name.value());
        return pool == null
                ? null
                : new ServedModel(name, new ModelName("org/" + name.value()), new PoolName(pool), null);
    }

    private static ModelRewrite weighted(String name, @Nullable Integer... weights) {
        List<Target> targets = IntStream.range(0, weights.length)
                .mapToObj(i -> new Target(new ModelName("t" + i), weights[i]))
                .toList();
        Rule rule = new Rule(List.of(new ModelName("food")), targets);
        return new ModelRewrite(new RewriteName(name), null, null, OLD, List.of(rule));
    }

    private static Rewrites rewrites(String text) {
        return Rewrites.of(records(text));
    }

    private static List<ModelRewrite> records(String text) {
        return Arrays.stream(text.split("\\|", -1))
                .map(String::strip)
                .map(RewritesTest::record)
                .toList();
    }

    private static ModelRewrite record(String text) {
        String[] parts = text.split(" ", 2);
        String[] name = parts[0].split("@", -1);
        Instant created = name[1].equals("?") ? null : OLD.plusSeconds(86_400L * Integer.parseInt(name[1]));
        List<Rule> rules = Arrays.stream(parts[1].split(";", -1))
                .map(String::strip)
                .map(RewritesTest::rule)
                .toList();
        return new ModelRewrite(new RewriteName(name[0]), null, null, created, rules);
    }

    private static Rule rule(String text) {
        String[] sides = text.split(">", -1);
        List<ModelName> models = sides[0].equals("*")
                ? List.of()
                : Arrays.stream(sides[0].split(",", -1)).map(ModelName::new).toList();
        return new Rule(models, List.of(new Target(new ModelName(sides[1]), null)));
    }
}
