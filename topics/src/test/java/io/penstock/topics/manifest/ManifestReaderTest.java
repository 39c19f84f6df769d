package io.penstock.topics.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RewriteName;
import io.penstock.topics.manifest.ManifestReader.Located;
import io.penstock.topics.record.ModelRewrite;
import io.penstock.topics.record.ModelRewrite.Rule;
import io.penstock.topics.record.ModelRewrite.Target;
import io.penstock.topics.record.Objective;
import io.penstock.topics.record.PoolSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Documents as users of the Gateway API Inference Extension and of the llm-d router have them.
class ManifestReaderTest {
    private static final String OBJECTIVE = """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceObjective
        metadata:
          name: food-review
        spec:
          priority: 10
          poolRef:
            group: inference.networking.k8s.io
            kind: InferencePool
            name: vllm-llama3-8b-instruct
        """;
    private static final String CANARY = """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModelRewrite
        metadata:
          name: food-review-canary
          namespace: serving
        spec:
          poolRef:
            group: inference.networking.k8s.io
            name: vllm-llama3-8b-instruct
          rules:
            - matches:
                - model:
                    type: Exact
                    value: food-review
              targets:
                - modelRewrite: "food-review-v1"
                  weight: 90
                - modelRewrite: "food-review-v2"
                  weight: 10
        """;
    private static final String POOL = """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata:
          name: vllm-llama3-8b-instruct
        spec:
          selector:
            matchLabels:
              app: vllm-llama3-8b-instruct
          targetPorts:
          - number: 8000
          - number: 8001
          endpointPickerRef:
            group: ""
            kind: Service
            name: vllm-llama3-8b-instruct-epp
            port:
              number: 9002
            failureMode: FailOpen
        """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inference.networking.x-k8s.io/v1alpha2",
                "llm-d.ai/v1alpha2",
                "llm-d.ai/v1",
                "inference.networking.k8s.io/v1alpha2",
                "inference.networking.k8s.io/v1"
            })
    void everyGenerationOfTheGroupsIsTaken(String apiVersion) {
        for (String document : List.of(OBJECTIVE, CANARY, POOL)) {
            ManifestReader reader = read(document.replaceFirst("apiVersion: .*", "apiVersion: " + apiVersion));
            assertThat(reader.findings().errors()).isEmpty();
            assertThat(reader.findings().warnings()).isEmpty();
            assertThat(manifests(reader)).isEqualTo(manifests(read(document)));
        }
    }

    @Test
    void anObjectiveIsItsPriority() {
        assertThat(manifests(read(OBJECTIVE)))
                .containsExactly(new Manifest.OfObjective(new Objective(new ObjectiveName("food-review"), 10)));
    }

    @Test
    void anObjectiveWithoutAPriorityHas0() {
        assertThat(manifests(read(OBJECTIVE.replace("priority: 10", "priority:"))))
                .containsExactly(new Manifest.OfObjective(new Objective(new ObjectiveName("food-review"), 0)));
        ManifestReader bare = read("{apiVersion: llm-d.ai/v1alpha2, kind: InferenceObjective, metadata: {name: o}}");
        assertThat(manifests(bare)).containsExactly(new Manifest.OfObjective(new Objective(new ObjectiveName("o"), 0)));
        assertThat(bare.findings().warnings()).isEmpty();
    }

    @Test
    void anAnnotationMakesStoppedWorkGoOn() {
        String annotated = OBJECTIVE.replace("metadata:", """
            metadata:
              annotations:
                penstock.io/resume: "true"
                example.com/owner: team-a\
            """.stripTrailing());
        ManifestReader reader = read(annotated);
        assertThat(manifests(reader))
                .containsExactly(new Manifest.OfObjective(new Objective(new ObjectiveName("food-review"), 10, true)));
        assertThat(reader.findings().warnings()).isEmpty();
        assertThat(errors(annotated.replace("\"true\"", "true")))
                .singleElement()
                .asString()
                .contains("metadata.annotations.penstock.io/resume must be text, but was true (put it in quotes)");
        assertThat(errors(annotated.replace("\"true\"", "\"yes\"")))
                .singleElement()
                .asString()
                .contains("penstock.io/resume must be \"true\" or \"false\", but was yes");
        assertThat(read(annotated.replace("io/resume", "io/resum")).findings().warnings())
                .singleElement()
                .asString()
                .contains("annotation penstock.io/resum is not known");
    }

    @Test
    void theNewestShapeOfAnObjectiveIsTaken() {
        ManifestReader reader = read("""
            apiVersion: llm-d.ai/v1
            kind: InferenceObjective
            metadata:
              name: tier
            spec:
              priority: -5
              poolRefs:
              - name: a
              - {group: llm-d.ai, kind: InferencePool, name: b}
              poolSelector:
                matchLabels: {tier: gold}
            """);
        assertThat(reader.findings().warnings()).isEmpty();
        assertThat(manifests(reader))
                .containsExactly(new Manifest.OfObjective(new Objective(new ObjectiveName("tier"), -5)));
    }

    @Test
    void aRewriteIsItsRules() {
        ModelRewrite expected = new ModelRewrite(
                new RewriteName("food-review-canary"),
                "serving",
                new PoolName("vllm-llama3-8b-instruct"),
                null,
                List.of(new Rule(
                        List.of(new ModelName("food-review")),
                        List.of(
                                new Target(new ModelName("food-review-v1"), 90),
                                new Target(new ModelName("food-review-v2"), 10)))));
        assertThat(manifests(read(CANARY))).containsExactly(new Manifest.OfRewrite(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"- matches: [] # Empty means this rule matches everything", "-"})
    void aRuleWithoutMatchesIsForEveryModel(String head) {
        ManifestReader reader = read("""
            apiVersion: inference.networking.k8s.io/v1alpha2
            kind: InferenceModelRewrite
            metadata:
              name: generic-fallback
            spec:
              poolRef:
                name: vllm-llama3-8b-instruct
              rules:
                HEAD
                  targets:
                    - modelRewrite: "meta-llama/Llama-3.1-8B-Instruct"
            """.replace("HEAD", head));
        assertThat(reader.findings().errors()).isEmpty();
        Rule rule = ((Manifest.OfRewrite) manifests(reader).getFirst())
                .rewrite()
                .rules()
                .getFirst();
        assertThat(rule.models()).isEmpty();
        assertThat(rule.targets()).containsExactly(new Target(new ModelName("meta-llama/Llama-3.1-8B-Instruct"), null));
    }

    @Test
    void bothShapesOfAPoolAreTaken() {
        PoolSpec expected = new PoolSpec(
                new PoolName("vllm-llama3-8b-instruct"),
                null,
                Map.of("app", "vllm-llama3-8b-instruct"),
                List.of(8000, 8001));
        assertThat(manifests(read(POOL))).containsExactly(new Manifest.OfPool(expected));
        ManifestReader older = read("""
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferencePool
            metadata:
              name: vllm-llama3-8b-instruct
            spec:
              targetPortNumber: 8000
              selector:
                app: vllm-llama3-8b-instruct
              extensionRef:
                name: vllm-llama3-8b-instruct-epp
            """);
        assertThat(older.findings().warnings()).isEmpty();
        assertThat(manifests(older))
                .containsExactly(
                        new Manifest.OfPool(new PoolSpec(expected.name(), null, expected.selector(), List.of(8000))));
    }

    @Test
    void aFileMayHoldManyDocumentsAndOtherKinds() {
        ManifestReader reader = read("---\n" + OBJECTIVE + "---\n" + CANARY
                + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\n" + POOL + "---\n");
        assertThat(manifests(reader))
                .extracting(Manifest::kind)
                .containsExactly(Kind.OBJECTIVE, Kind.REWRITE, Kind.POOL);
        assertThat(reader.findings().errors()).isEmpty();
        assertThat(reader.findings().warnings())
                .singleElement()
                .asString()
                .startsWith("f.yaml, document 3, line 33: kind Deployment");
    }

    @Test
    void whatKubectlExportsIsTakenWithItsAge() {
        ManifestReader reader = read("""
            apiVersion: v1
            items:
            - apiVersion: llm-d.ai/v1alpha2
              kind: InferenceModelRewrite
              metadata:
                annotations:
                  kubectl.kubernetes.io/last-applied-configuration: |
                    {"apiVersion":"llm-d.ai/v1alpha2"}
                creationTimestamp: "2026-03-01T10:00:00Z"
                generation: 2
                labels: {a: b}
                name: alias
                namespace: default
                resourceVersion: "123"
                uid: 0f3a
                managedFields: []
              spec:
                poolRef: {group: inference.networking.k8s.io, kind: InferencePool, name: p}
                rules:
                - matches: [{model: {value: a}}]
                  targets: [{modelRewrite: b}]
              status:
                conditions: [{type: Accepted, status: "Unknown"}]
            kind: List
            metadata:
              resourceVersion: ""
            """);
        assertThat(reader.findings().errors()).isEmpty();
        assertThat(reader.findings().warnings()).isEmpty();
        ModelRewrite rewrite = ((Manifest.OfRewrite) manifests(reader).getFirst()).rewrite();
        assertThat(rewrite.createdAt()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
        assertThat(rewrite.namespace()).isEqualTo("default");
    }

    @Test
    void jsonIsTaken() {
        String json = """
            {"apiVersion":"llm-d.ai/v1alpha2","kind":"InferenceObjective","metadata":{"name":"j"},"spec":{"priority":1}}
            """;
        assertThat(manifests(read(json)))
                .containsExactly(new Manifest.OfObjective(new Objective(new ObjectiveName("j"), 1)));
    }

    /// Each line: what is replaced in the canary document, by what, and what the error says.
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
        weight: 10           # weight: 0           # line 19: spec.rules[0].targets[1].weight must be a whole number from 1 to 1000000, but was 0
        weight: 10           # weight: 1000001     # line 19: spec.rules[0].targets[1].weight must be a whole number from 1 to 1000000, but was 1000001
        weight: 10           # weight: 1.5         # spec.rules[0].targets[1].weight must be a whole number
        weight: 10           # weight: "10"        # spec.rules[0].targets[1].weight must be a whole number from 1 to 1000000, but was "10"
        type: Exact          # type: Prefix        # line 13: spec.rules[0].matches[0].model.type must be Exact, but was Prefix
        value: food-review   # valu: food-review   # spec.rules[0].matches[0].model.value is required
        value: food-review   # value: ""           # spec.rules[0].matches[0].model.value is not valid: model must be 1 to 256
        value: food-review   # value: 4            # spec.rules[0].matches[0].model.value must be text, but was 4 (put it in quotes)
        - model:             # - header:           # spec.rules[0].matches[0].model is required
        modelRewrite: "food-review-v2" # model: x  # spec.rules[0].targets[1].modelRewrite is required
        targets:             # target:             # spec.rules[0].targets must have 1 to 64 entries
        rules:               # rule:               # spec.rules is required
        spec:                # specs:              # document 1, line 1: spec is required
        name: food-review-canary # name: Food      # line 4: metadata.name is not valid: it must be of lower-case letters
        name: food-review-canary # nam: food       # line 4: metadata.name is required
        name: vllm-llama3-8b-instruct # nam: x     # spec.poolRef.name is required
        namespace: serving   # namespace: a.b      # line 5: metadata.namespace is not valid: it must be of lower-case
        kind: Inf            # kine: Inf           # kind is required
        x-k8s.io/v1alpha2    # x-k8s.io/v1alpha9   # apiVersion of InferenceModelRewrite must be a version [v1, v1alpha2] of a group
        """)
    void anErrorNamesFileDocumentLineFieldAndLimit(String right, String wrong, String error) {
        assertThat(CANARY).contains(right);
        List<String> errors = errors(CANARY.replace(right, wrong));
        assertThat(errors)
                .anySatisfy(each ->
                        assertThat(each).startsWith("f.yaml, document 1, line ").contains(error));
    }

    @Test
    void aCriterionThatIsNotUnderstoodIsNoWarning() {
        assertThat(errors(CANARY.replace("- model:", "- headers: {a: b}\n          model:")))
                .singleElement()
                .asString()
                .contains("spec.rules[0].matches[0].headers is not known, and cannot be left out");
    }

    @Test
    void unknownFieldsAreWarnedOf() {
        ManifestReader reader = read(OBJECTIVE.replace("priority", "priorty"));
        assertThat(reader.findings().errors()).isEmpty();
        assertThat(reader.findings().warnings())
                .containsExactly("f.yaml, document 1, line 6: spec.priorty is not known and has no effect");
    }

    @Test
    void aTargetWithoutAWeightBesideWeightedOnesIsWarnedOf() {
        assertThat(read(CANARY.replace("          weight: 10\n", "")).findings().warnings())
                .singleElement()
                .asString()
                .contains("spec.rules[0].targets have weights and some do not");
        assertThat(read(CANARY.replace("weight: 10\n", "weight: 0\n"))
                        .findings()
                        .warnings())
                .as("a wrong weight is one, and has its error")
                .isEmpty();
    }

    @Test
    void everyErrorOfEveryDocumentIsTold() {
        List<String> errors =
                errors(OBJECTIVE.replace("10", "high") + "---\n[1]\n---\n" + POOL.replace("8001", "80010"));
        assertThat(errors).hasSize(3);
        assertThat(errors.get(0)).contains("document 1, line 6: spec.priority must be a whole number", "\"high\"");
        assertThat(errors.get(1)).contains("document 2", "a document must be a mapping");
        assertThat(errors.get(2))
                .contains("document 3", "spec.targetPorts[1].number must be a whole number from 1 to 65535");
    }

    @Test
    void listedErrorsAreBounded() {
        String many = IntStream.range(0, 500).mapToObj(i -> "---\n" + i + "\n").reduce("", String::concat);
        assertThat(errors(many)).hasSize(101).last().asString().contains("100 are listed at most");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', textBlock = """
        app: vllm-llama3-8b-instruct # matchLabel: x      # spec.selector must name at least one label
        matchLabels:                 # matchLabels: {}    # spec.selector must name at least one label
        number: 8001                 # number: 8000       # spec.targetPorts must each be another port, but were [8000, 8000]
        targetPorts:                 # targetPort:        # spec.targetPorts must have 1 to 8 entries
        selector:                    # select:            # spec.selector is required
        """)
    void aPoolWithoutLabelsOrPortsIsRefused(String right, String wrong, String error) {
        String document = wrong.endsWith("x")
                ? POOL.replace("matchLabels:\n      " + right, "matchLabels: {}")
                : wrong.endsWith("{}")
                        ? POOL.replace("      app: vllm-llama3-8b-instruct\n", "")
                                .replace(right, wrong)
                        : POOL.replace(right, wrong);
        assertThat(errors(document)).anySatisfy(each -> assertThat(each).contains(error));
    }

    private static ManifestReader read(String text) {
        ManifestReader reader = new ManifestReader();
        reader.read("f.yaml", text);
        return reader;
    }

    private static List<String> errors(String text) {
        return read(text).findings().errors();
    }

    private static List<Manifest> manifests(ManifestReader reader) {
        assertThat(reader.findings().errors()).isEmpty();
        return reader.manifests().stream().map(Located::manifest).toList();
    }
}
